/** Task queues, one a resource with a limit of its own; a worker process serves all of them or some. */
export const QUEUES = ['documents', 'sri', 'render', 'delivery', 'bulk'] as const;

export type Queue = (typeof QUEUES)[number];
