import { amount, define, flag, list, object, said, text, textOrNull, tool, words } from './machine-definitions.ts';

const names = (description: string) => list(text, description);

/** The body of what `check-code --format json` prints. No value of a variable of the document is in it. */
export const CHECK_CODE_BODY = object({
  tool,
  folder: said(text, 'the folder of the app, as it was named'),
  satisfied: said(flag, 'no finding is an error'),
  files: said(amount, 'how many files of code were read'),
  open: said(flag, 'some names are computed: what the code reads is not wholly known'),
  variables: said(
    list(
      object({
        name: text,
        needed: said(flag, 'the code does not work without it, as far as it says'),
        builtIn: said(flag, 'there without being declared'),
        declared: {
          description: 'null: the code does not declare it',
          anyOf: [
            object({
              where: define('place'),
              optional: flag,
              allowed: { description: 'null: any text', type: ['array', 'null'], items: text },
            }),
            { type: 'null' },
          ],
        },
        uses: list(object({ where: define('place'), tolerant: said(flag, 'the code goes on without it') })),
      }),
    ),
    'what the code declares and reads, sorted by name',
  ),
  subjects: said(
    list(
      object({
        name: said(text, 'an address, or a selector as plans name it'),
        address: said(textOrNull, 'null: a selector'),
        standing: words('whether it gives the code what it needs', 'satisfied', 'unsatisfied', 'unknown'),
        missing: names('needed and not declared'),
        removed: names('read, and removed by `absent: true` or by prune'),
        wrong: names('given a value that the code does not allow'),
        unknown: names('needed; whether they are there or right cannot be known from the document'),
        unused: names('given and not read'),
        order: object({
          before: names('have to be there before this code is deployed'),
          after: names('may be removed once this code is deployed'),
        }),
      }),
    ),
    'what holds variables: declared things, then selectors',
  ),
  diagnostics: list(define('diagnostic')),
});
