import { describe, expect, it } from 'vitest';
import { assertWebhookUrl } from '../../../domain/webhooks/url.ts';

const live = { sandbox: false, allowLoopback: false };
const sandbox = { sandbox: true, allowLoopback: false };

describe('the URL of a webhook endpoint', () => {
  it.each([
    'https://shop.example.com/hooks',
    'https://shop.example.com:8443/hooks?shop=1',
    'https://tienda-ñandú.ec/',
    'https://[2800:68::1]/',
  ])('takes %s', (url) => {
    expect(assertWebhookUrl(url, live)).toBeUndefined();
  });

  it('takes plain HTTP in the sandbox only', () => {
    expect(assertWebhookUrl('http://shop.example.com/hooks', sandbox)).toBeUndefined();
    expect(assertWebhookUrl('http://shop.example.com/hooks', live)).toBe('The URL must begin with https://.');
  });

  it.each([
    ['ftp://shop.example.com/', 'must begin with https:// or http://'],
    ['file:///etc/passwd', 'must begin with'],
    ['javascript:alert(1)', 'must begin with'],
    ['shop.example.com/hooks', 'not well-formed'],
    ['', 'not well-formed'],
    ['https://', 'not well-formed'],
    ['https://shop.example.com/a b', 'not well-formed'],
    ['https://shop.example.com/\r\nX-Evil: 1', 'not well-formed'],
    ['https://user:secret@shop.example.com/', 'must not carry credentials'],
    ['https://user@shop.example.com/', 'must not carry credentials'],
    ['https://shop.example.com/#part', 'must not have a fragment'],
    ['https://shop.example.com/#', 'must not have a fragment'],
    [`https://shop.example.com/${'a'.repeat(2_000)}`, 'more than 2000 characters'],
  ])('refuses %j', (url, says) => {
    const problem = assertWebhookUrl(url, sandbox);
    expect(problem).toContain(says);
    expect(problem).not.toContain('secret');
  });

  it.each([
    'http://127.0.0.1/',
    'http://127.0.0.1./',
    'http://127.1/',
    'http://localhost/',
    'http://LOCALHOST./',
    'http://api.localhost/',
    'http://[::1]/',
    'http://[::ffff:127.0.0.1]/',
    'http://0x7f000001/',
    'http://2130706433/',
    'http://0177.0.0.1/',
    'http://①②⑦.0.0.1/',
    'http://169.254.169.254/latest/meta-data/',
    'http://100.64.0.1/',
    'http://[fe80::1]/',
    'http://[64:ff9b::7f00:1]/',
    'http://[fd00::1]/',
    'http://0.0.0.0/',
    'http://0/',
    'http://224.0.0.1/',
    'http://10.0.0.1/',
    'http://172.16.0.1/',
    'http://192.168.0.1/',
    'http://[::ffff:a9fe:a9fe]/',
    'http://[::ffff:169.254.169.254]/',
    'http://[2002:a9fe:a9fe::]/',
    'http://[64:ff9b::169.254.169.254]/',
    'http://0xa9fea9fe/latest/meta-data/',
    'http://0xA9.0xFE.0xA9.0xFE/',
    'http://2852039166/',
    'http://0251.0376.0251.0376/',
    'http://0251.254.0xa9.0376/',
    'http://169.16689662/',
    'http://169.254.169.254./',
    'http://%31%36%39.254.169.254/',
    'http://[fd00:ec2::254]/',
    'http://100.100.100.200/',
    'http://168.63.129.16/',
    'http://192.0.0.192/',
  ])('refuses %s, whatever its spelling', (url) => {
    expect(assertWebhookUrl(url, sandbox)).toBe('The URL must not point to a private or reserved address.');
  });

  it('takes this very machine where the settings allow it', () => {
    const rules = { sandbox: true, allowLoopback: true };
    expect(assertWebhookUrl('http://127.0.0.1:4000/hooks', rules)).toBeUndefined();
    expect(assertWebhookUrl('http://localhost:4000/hooks', rules)).toBeUndefined();
    expect(assertWebhookUrl('http://10.0.0.1/', rules)).toContain('private');
  });
});
