// A term of the field with its explanation, by pointer, touch or key.
import { Popover, Text } from '@mantine/core';
import { Fragment } from 'react';
import { partsOf, type TermName, terms } from '../terms.js';

export function Term({ name, children }: { name: TermName; children: string }) {
  return (
    <Popover width={280} position="bottom" withArrow shadow="md">
      <Popover.Target>
        <button type="button" className="term" aria-label={`${children}: what is that?`}>
          {children}
        </button>
      </Popover.Target>
      <Popover.Dropdown>
        <Text size="sm">{terms[name]}</Text>
      </Popover.Dropdown>
    </Popover>
  );
}

/** A sentence with its terms in brackets. */
export const Sentence = ({ text }: { text: string }) =>
  partsOf(text).map((part, i) => (
    // biome-ignore lint/suspicious/noArrayIndexKey: the parts of a sentence do not move
    <Fragment key={i}>{part.term ? <Term name={part.term}>{part.text}</Term> : part.text}</Fragment>
  ));
