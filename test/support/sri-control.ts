/** What the simulator saw of a document. */
export interface SimulatedDocument {
  receptions: number;
  acceptedReceptions: number;
  state: string;
}

export interface Fault {
  service: 'reception' | 'authorization' | 'any';
  fault: string;
  times?: number;
  forMs?: number;
  accessKey?: string;
  code?: string;
  ms?: number;
}

/** The control address of the simulated SRI. */
export interface SriControl {
  fault(fault: Fault): Promise<void>;
  heal(): Promise<void>;
  /** Address of the control, for a program. */
  url: string;
  document(accessKey: string): Promise<SimulatedDocument>;
}

export function createSriControl(controlUrl: string): SriControl {
  async function ask(path: string, init?: RequestInit): Promise<Response> {
    const response = await fetch(`${controlUrl}${path}`, init);
    if (!response.ok) throw new Error(`the simulator answers ${response.status}: ${await response.text()}`);
    return response;
  }
  return {
    url: controlUrl,
    async fault(fault) {
      await ask('/faults', {
        method: 'POST',
        headers: { 'content-type': 'application/json' },
        body: JSON.stringify(fault),
      });
    },
    async heal() {
      await ask('/faults', { method: 'DELETE' });
    },
    document: async (accessKey) => (await (await ask(`/documents/${accessKey}`)).json()) as SimulatedDocument,
  };
}
