// The controls of the lab's pages: sliders with their value, choices, a switch, and the seed.
import { Button, SegmentedControl, Slider, Switch, Text } from '@mantine/core';
import { memo, useId } from 'react';
import type { PictureProps } from '../lab-page.js';
import { type ChoiceSetting, type NumberSetting, rounded, type Settings, type Values } from '../settings.js';
import { useStable } from './use-stable.js';

interface NumberSliderProps {
  readonly label: string;
  readonly setting: NumberSetting;
  readonly value: number;
  onChange(value: number): void;
  /** As it stands beside the label. */
  show?(value: number): string;
}

export function NumberSlider({
  label,
  setting: { min, max, step },
  value,
  onChange,
  show = String,
}: NumberSliderProps) {
  return <SliderRow {...{ label, min, max, step, value }} onChange={useStable(onChange)} shown={show(value)} />;
}

/** The settings of a page that are numbers. */
type NumbersOf<S extends Settings> = { [K in keyof S & string]: S[K] extends NumberSetting ? K : never }[keyof S &
  string];

interface SettingSliderProps<S extends Settings> extends PictureProps<S> {
  readonly settings: S;
  readonly name: NumbersOf<S>;
  readonly label: string;
  show?(value: number): string;
}

/** A page's setting by name, within its own range: `<SettingSlider {...page} name="k" label="Goals" />`. */
export function SettingSlider<S extends Settings>({ settings, values, set, name, ...rest }: SettingSliderProps<S>) {
  const change = (to: number) => set({ [name]: to } as Partial<Values<S>>);
  const setting = settings[name] as unknown as NumberSetting;
  return <NumberSlider {...rest} setting={setting} value={values[name] as number} onChange={change} />;
}

/** Positions of the handle of a logarithmic slider. */
const NOTCHES = 200;

interface SliderRowProps {
  readonly label: string;
  readonly min: number;
  readonly max: number;
  readonly step: number;
  readonly value: number;
  readonly shown: string;
  readonly onChange: (value: number) => void;
}

const SliderRow = memo(function SliderRow({ label, min, max, step, value, shown, onChange }: SliderRowProps) {
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
        <output className="lab-value">{shown}</output>
      </div>
      <Slider
        min={scale.min}
        max={scale.max}
        step={scale.step}
        value={scale.at}
        onChange={(at) => onChange(scale.of(at))}
        label={null}
        thumbSize={20}
        thumbProps={{ 'aria-labelledby': id, 'aria-valuetext': shown }}
      />
    </div>
  );
});

interface ChoiceProps<T extends string> {
  readonly label: string;
  readonly setting: ChoiceSetting<T>;
  readonly value: NoInfer<T>;
  onChange(value: NoInfer<T>): void;
  /** In plain words; the option's own name where one is missing. */
  readonly names?: Readonly<Partial<Record<T, string>>>;
}

export function Choice<T extends string>({ label, setting, value, onChange, names }: ChoiceProps<T>) {
  const stable = useStable(onChange) as (value: string) => void;
  const text = setting.options.map((option) => names?.[option] ?? option).join('\n');
  return <ChoiceRow label={label} options={setting.options} names={text} value={value} onChange={stable} />;
}

interface ChoiceRowProps {
  readonly label: string;
  readonly options: readonly string[];
  /** A line each. */
  readonly names: string;
  readonly value: string;
  readonly onChange: (value: string) => void;
}

const ChoiceRow = memo(function ChoiceRow({ label, options, names, value, onChange }: ChoiceRowProps) {
  const id = useId();
  const labels = names.split('\n');
  return (
    <div className="lab-choice">
      <Text size="sm" id={id}>
        {label}
      </Text>
      <SegmentedControl
        aria-labelledby={id}
        size="xs"
        data={options.map((option, i) => ({ value: option, label: labels[i] }))}
        value={value}
        onChange={onChange}
        withItemsBorders={false}
      />
    </div>
  );
});

interface ToggleProps {
  readonly label: string;
  readonly value: boolean;
  onChange(on: boolean): void;
}

export const Toggle = ({ label, value, onChange }: ToggleProps) => (
  <ToggleRow label={label} value={value} onChange={useStable(onChange)} />
);

const ToggleRow = memo(({ label, value, onChange }: ToggleProps) => (
  <Switch label={label} checked={value} onChange={(event) => onChange(event.currentTarget.checked)} />
));

/** Other random numbers; the seed stands in the link, so that the same link shows the same. */
export const SeedButton = ({ seed, onChange }: { seed: number; onChange(seed: number): void }) => (
  <Button size="xs" variant="default" onClick={() => onChange((seed + 1) % 1000)}>
    Other random numbers (seed {seed})
  </Button>
);
