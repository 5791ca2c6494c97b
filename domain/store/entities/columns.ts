import { p } from '@mikro-orm/core';
import { v7 } from 'uuid';

/** Time-ordered primary key. */
export const id = () =>
  p
    .uuid()
    .primary()
    .onCreate(() => v7());

/** An instant to the millisecond, in UTC. */
export const instant = () => p.datetime().length(3);

export const createdAt = () => instant().onCreate(() => new Date());

export const updatedAt = () =>
  instant()
    .onCreate(() => new Date())
    .onUpdate(() => new Date());

/** Bytes as they are: never re-encoded, never trimmed. */
export const bytes = () => p.blob().$type<Buffer>();
