import { html, Markup } from '../html.ts';

export interface MailPage {
  language: string;
  title: string;
  /** A warning above everything else. */
  notice?: string;
  body: Markup[];
  footer: string;
}

const FONT = new Markup('font-family:Arial,Helvetica,sans-serif');

/** The one page of all mails. Tables and inline styles, since mail programs know little else; no picture, no script. */
export function mailPage({ language, title, notice, body, footer }: MailPage): string {
  const warning =
    notice === undefined
      ? []
      : [
          html`<tr>
            <td
              style="padding:14px 32px;background-color:#fef3c7;border-bottom:1px solid #f59e0b;${FONT};font-size:14px;line-height:20px;font-weight:bold;color:#92400e"
            >
              ${notice}
            </td>
          </tr>`,
        ];
  return html`<!DOCTYPE html>
    <html lang="${language}">
      <head>
        <meta charset="utf-8" />
        <meta name="viewport" content="width=device-width,initial-scale=1" />
        <meta name="color-scheme" content="light" />
        <title>${title}</title>
      </head>
      <body style="margin:0;padding:0;background-color:#eef1f4">
        <table
          role="presentation"
          width="100%"
          cellpadding="0"
          cellspacing="0"
          border="0"
          style="background-color:#eef1f4"
        >
          <tr>
            <td align="center" style="padding:24px 12px">
              <table
                role="presentation"
                width="100%"
                cellpadding="0"
                cellspacing="0"
                border="0"
                style="max-width:600px;background-color:#ffffff;border:1px solid #d9dfe5"
              >
                ${warning}
                <tr>
                  <td
                    style="padding:28px 32px 0;${FONT};font-size:21px;line-height:28px;font-weight:bold;color:#12344d"
                  >
                    ${title}
                  </td>
                </tr>
                <tr>
                  <td style="padding:8px 32px 28px;${FONT};font-size:15px;line-height:23px;color:#27343f">${body}</td>
                </tr>
                <tr>
                  <td
                    style="padding:16px 32px;background-color:#f7f9fa;border-top:1px solid #d9dfe5;${FONT};font-size:12px;line-height:18px;color:#5b6b79"
                  >
                    ${footer}
                  </td>
                </tr>
              </table>
            </td>
          </tr>
        </table>
      </body>
    </html> `.text;
}

export function paragraph(text: string): Markup {
  return html`<p style="margin:12px 0">${text}</p>`;
}

/** Labels and what they stand for, one under the other. */
export function facts(rows: readonly (readonly [label: string, value: string])[]): Markup {
  const lines = rows.map(
    ([label, value]) =>
      html`<tr>
        <td
          style="padding:8px 16px 8px 0;border-bottom:1px solid #e6eaee;color:#5b6b79;vertical-align:top;white-space:nowrap"
        >
          ${label}
        </td>
        <td style="padding:8px 0;border-bottom:1px solid #e6eaee;word-break:break-word;overflow-wrap:anywhere">
          ${value}
        </td>
      </tr>`,
  );
  return html`<table
    role="presentation"
    width="100%"
    cellpadding="0"
    cellspacing="0"
    border="0"
    style="margin:16px 0;${FONT};font-size:14px;line-height:20px;color:#27343f"
  >
    ${lines}
  </table>`;
}

/** A link to press. */
export function button(label: string, link: string): Markup {
  return html`<table role="presentation" cellpadding="0" cellspacing="0" border="0" style="margin:20px 0">
    <tr>
      <td style="background-color:#0b6e99">
        <a
          href="${link}"
          style="display:inline-block;padding:12px 24px;${FONT};font-size:15px;font-weight:bold;color:#ffffff;text-decoration:none"
          >${label}</a
        >
      </td>
    </tr>
  </table>`;
}

/** A link to copy. */
export function address(link: string): Markup {
  return html`<p style="margin:4px 0 12px;font-size:13px;line-height:19px;word-break:break-all">
    <a href="${link}" style="color:#0b6e99">${link}</a>
  </p>`;
}
