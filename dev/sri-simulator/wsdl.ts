import { OPERATIONS, type Service } from './soap.ts';

type Field = [name: string, type: string] | [name: string, list: { of: string }];

const MESSAGE: Field[] = [
  ['identificador', 'xs:string'],
  ['mensaje', 'xs:string'],
  ['informacionAdicional', 'xs:string'],
  ['tipo', 'xs:string'],
];

/** What each service answers, by complex type; the response's element and type come first. */
const TYPES: Readonly<Record<Service, { response: [name: string, type: string]; types: Record<string, Field[]> }>> = {
  reception: {
    response: ['RespuestaRecepcionComprobante', 'respuestaSolicitud'],
    types: {
      respuestaSolicitud: [
        ['estado', 'xs:string'],
        ['comprobantes', { of: 'comprobante' }],
      ],
      comprobante: [
        ['claveAcceso', 'xs:string'],
        ['mensajes', { of: 'mensaje' }],
      ],
      mensaje: MESSAGE,
    },
  },
  authorization: {
    response: ['RespuestaAutorizacionComprobante', 'respuestaComprobante'],
    types: {
      respuestaComprobante: [
        ['claveAccesoConsultada', 'xs:string'],
        ['numeroComprobantes', 'xs:string'],
        ['autorizaciones', { of: 'autorizacion' }],
      ],
      autorizacion: [
        ['estado', 'xs:string'],
        ['numeroAutorizacion', 'xs:string'],
        ['fechaAutorizacion', 'xs:dateTime'],
        ['ambiente', 'xs:string'],
        ['comprobante', 'xs:string'],
        ['mensajes', { of: 'mensaje' }],
      ],
      mensaje: MESSAGE,
    },
  },
};

/** The service description, document/literal, as SRI's own is: only the outermost elements are in the namespace. */
export function wsdlOf(service: Service, address: string): string {
  const { service: name, namespace, operation, argument, argumentType } = OPERATIONS[service];
  const { response, types } = TYPES[service];
  const complexTypes = Object.entries({
    [operation]: [[argument, `xs:${argumentType}`]] as Field[],
    [`${operation}Response`]: [[response[0], `tns:${response[1]}`]] as Field[],
    ...types,
  });
  return `<?xml version="1.0" encoding="UTF-8"?>
<wsdl:definitions xmlns:wsdl="http://schemas.xmlsoap.org/wsdl/" xmlns:soap="http://schemas.xmlsoap.org/wsdl/soap/" xmlns:tns="${namespace}" name="${name}Service" targetNamespace="${namespace}">
<wsdl:types>
<xs:schema xmlns:xs="http://www.w3.org/2001/XMLSchema" elementFormDefault="unqualified" targetNamespace="${namespace}">
${[operation, `${operation}Response`].map((element) => `<xs:element name="${element}" type="tns:${element}"/>`).join('\n')}
${complexTypes.map(([type, fields]) => `<xs:complexType name="${type}">${sequence(fields.map(fieldElement))}</xs:complexType>`).join('\n')}
</xs:schema>
</wsdl:types>
${[operation, `${operation}Response`].map((message) => `<wsdl:message name="${message}"><wsdl:part element="tns:${message}" name="parameters"/></wsdl:message>`).join('\n')}
<wsdl:portType name="${name}">
<wsdl:operation name="${operation}"><wsdl:input message="tns:${operation}"/><wsdl:output message="tns:${operation}Response"/></wsdl:operation>
</wsdl:portType>
<wsdl:binding name="${name}Binding" type="tns:${name}">
<soap:binding style="document" transport="http://schemas.xmlsoap.org/soap/http"/>
<wsdl:operation name="${operation}"><soap:operation soapAction="" style="document"/><wsdl:input><soap:body use="literal"/></wsdl:input><wsdl:output><soap:body use="literal"/></wsdl:output></wsdl:operation>
</wsdl:binding>
<wsdl:service name="${name}Service"><wsdl:port binding="tns:${name}Binding" name="${name}Port"><soap:address location="${address}"/></wsdl:port></wsdl:service>
</wsdl:definitions>
`;
}

function fieldElement([name, type]: Field): string {
  if (typeof type === 'string') return `<xs:element minOccurs="0" name="${name}" type="${type}"/>`;
  const items = `<xs:element maxOccurs="unbounded" minOccurs="0" name="${type.of}" type="tns:${type.of}"/>`;
  return `<xs:element minOccurs="0" name="${name}"><xs:complexType>${sequence([items])}</xs:complexType></xs:element>`;
}

function sequence(elements: string[]): string {
  return `<xs:sequence>${elements.join('')}</xs:sequence>`;
}
