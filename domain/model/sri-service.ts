/** SRI's two services: one takes documents, the other tells what was decided of them. */
export type SriService = 'reception' | 'authorization';
