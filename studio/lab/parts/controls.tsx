// The controls of the lab's pages: sliders with their value, choices, a switch, and the seed.
import { Button, SegmentedControl, Select, Slider, Switch, Text } from '@mantine/core';
import { useId } from 'react';
import { type ChoiceSetting, type NumberSetting, rounded } from '../settings.js';

interface NumberSliderProps {
  readonly label: string;
  readonly setting: NumberSetting;
  readonly value: number;
  onChange(value: number): void;
  /** As it stands beside the label. */
  show?(value: number): string;
}

/** Positions of the handle of a logarithmic slider. */
const NOTCHES = 200;

export function NumberSlider({ label, setting, value, onChange, show = String }: NumberSliderProps) {
  const { min, max, step } = setting;
  const id = useId();
  const ratio = Math.log(max / min);
  const scale =
    step === 0
      ? {
          min: 0,
          max: NOTCHES,
          step: 1,
          at: Math.round((NOTCHES * Math.log(value / min)) / ratio),
          of: (at: number) => rounded(min * Math.exp((at * ratio) / NOTCHES), 0),
        }
      : { min, max, step, at: value, of: (at: number) => rounded(at, step) };
  return (
    <div className="lab-slider">
      <div className="lab-slider-head">
        <Text size="sm" id={id}>
          {label}
        </Text>
        <output className="lab-value">{show(value)}</output>
      </div>
      <Slider
        min={scale.min}
        max={scale.max}
        step={scale.step}
        value={scale.at}
        onChange={(at) => onChange(scale.of(at))}
        label={null}
        thumbSize={20}
        thumbProps={{ 'aria-labelledby': id, 'aria-valuetext': show(value) }}
      />
    </div>
  );
}

interface ChoiceProps<T extends string> {
  readonly label: string;
  readonly setting: ChoiceSetting<T>;
  readonly value: T;
  onChange(value: T): void;
  /** In plain words; the option's own name where one is missing. */
  readonly names?: Readonly<Partial<Record<T, string>>>;
}

export function Choice<T extends string>({ label, setting, value, onChange, names }: ChoiceProps<T>) {
  const id = useId();
  const data = setting.options.map((option) => ({ value: option, label: names?.[option] ?? option }));
  return (
    <div className="lab-choice">
      <Text size="sm" id={id}>
        {label}
      </Text>
      {data.length > 5 ? (
        <Select
          aria-labelledby={id}
          data={data}
          value={value}
          allowDeselect={false}
          onChange={(to) => onChange(to as T)}
        />
      ) : (
        <SegmentedControl
          aria-labelledby={id}
          size="xs"
          data={data}
          value={value}
          onChange={(to) => onChange(to as T)}
          withItemsBorders={false}
        />
      )}
    </div>
  );
}

export const Toggle = ({ label, value, onChange }: { label: string; value: boolean; onChange(on: boolean): void }) => (
  <Switch label={label} checked={value} onChange={(event) => onChange(event.currentTarget.checked)} />
);

/** Other random numbers; the seed stands in the link, so that the same link shows the same. */
export const SeedButton = ({ seed, onChange }: { seed: number; onChange(seed: number): void }) => (
  <Button size="xs" variant="default" onClick={() => onChange((seed + 1) % 1000)}>
    Other random numbers (seed {seed})
  </Button>
);
