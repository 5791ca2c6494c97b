import { z } from 'zod';
import { type ProblemCode, PROBLEMS } from './problems.ts';

/** The body of an error. */
export const ProblemOut = z
  .object({
    type: z
      .url()
      .meta({ description: 'Leads to the docs.', example: 'https://api.example.com/problems/validation-error' }),
    title: z.string(),
    status: z.int(),
    code: z
      .enum(Object.keys(PROBLEMS) as [ProblemCode, ...ProblemCode[]])
      .meta({ description: 'Stable.', example: 'VALIDATION_FAILED' }),
    detail: z.string().optional(),
    instance: z
      .string()
      .optional()
      .meta({ description: 'Path of the request, where one could be read.', example: '/v1/documents' }),
    errors: z
      .array(
        z.object({
          field: z.string().meta({ description: 'Path, or `general`.', example: 'items[0].taxes[0].code' }),
          message: z.string(),
          code: z.string().meta({ description: 'The path without indices.', example: 'items.taxes.code' }),
          value: z.unknown().optional().meta({ description: 'What was sent, unless it is a secret.' }),
        }),
      )
      .optional(),
  })
  .meta({ id: 'Problem', description: 'RFC 9457.' });
