import { SUPPORT_DOCUMENTS } from '../../model/catalogues.ts';
import { child, childrenOf, type DocumentElement } from './document-tree.ts';
import { cell, facts, nameOf, quantity, textOf } from './fields.ts';
import { additionalDetails, idLabel } from './sale-view.ts';
import type { RideSection, TypeView } from './view.ts';

/** A guía de remisión (ficha técnica 2.34, anexo 2): the transport, then a block for each recipient. */
export function guiaView(root: DocumentElement): TypeView {
  const info = child(root, 'infoGuiaRemision');
  const recipients = childrenOf(child(root, 'destinatarios'), 'destinatario');
  return {
    title: 'GUÍA DE REMISIÓN',
    info,
    sections: [
      {
        facts: facts([
          ['Transportista', textOf(info, 'razonSocialTransportista'), 'wide'],
          [idLabel(textOf(info, 'tipoIdentificacionTransportista')), textOf(info, 'rucTransportista')],
          ['Placa', textOf(info, 'placa')],
          ['Fecha Inicio Transporte', textOf(info, 'fechaIniTransporte')],
          ['Fecha Fin Transporte', textOf(info, 'fechaFinTransporte')],
          ['Punto de Partida', textOf(info, 'dirPartida'), 'wide'],
        ]),
      },
      ...recipients.map((recipient, index) =>
        recipientOf(recipient, recipients.length > 1 ? `Destinatario ${index + 1}` : 'Destinatario'),
      ),
    ],
    totals: [],
  };
}

function recipientOf(recipient: DocumentElement, heading: string): RideSection {
  const code = textOf(recipient, 'codDocSustento');
  const name = nameOf(SUPPORT_DOCUMENTS, code) ?? code;
  const support = [name, textOf(recipient, 'numDocSustento')].filter(Boolean).join(' ');
  return {
    heading,
    facts: facts([
      ['Razón Social / Nombres y Apellidos', textOf(recipient, 'razonSocialDestinatario'), 'wide'],
      ['Identificación', textOf(recipient, 'identificacionDestinatario')],
      ['Motivo Traslado', textOf(recipient, 'motivoTraslado')],
      ['Destino', textOf(recipient, 'dirDestinatario'), 'wide'],
      ['Ruta', textOf(recipient, 'ruta'), 'wide'],
      ['Documento Aduanero', textOf(recipient, 'docAduaneroUnico')],
      ['Establecimiento Destino', textOf(recipient, 'codEstabDestino')],
      ['Comprobante de Venta', support === '' ? undefined : support],
      ['Fecha de Emisión', textOf(recipient, 'fechaEmisionDocSustento')],
      ['Número de Autorización del Comprobante', textOf(recipient, 'numAutDocSustento'), 'wide'],
    ]),
    table: {
      columns: [
        { label: 'Código Principal / Auxiliar', kind: 'code' },
        { label: 'Cantidad', kind: 'number' },
        { label: 'Descripción', kind: 'text' },
      ],
      rows: childrenOf(child(recipient, 'detalles'), 'detalle').map((line) => [
        cell(textOf(line, 'codigoInterno'), [textOf(line, 'codigoAdicional')]),
        cell(quantity(textOf(line, 'cantidad'))),
        cell(textOf(line, 'descripcion'), additionalDetails(line)),
      ]),
    },
  };
}
