// Every calculator: defaults and descriptions, data that survive JSON, tables without holes, and errors that teach.
import { describe, expect, test } from 'vitest';
import { listSettings, settingSchema } from '../config/describe-settings.js';
import { number, percent, powerOfTen, whole } from './format.js';
import { calculate, findCalculator, listCalculators } from './index.js';

describe.each(listCalculators().map((calculator) => [calculator.name, calculator] as const))(
  '%s',
  (name, calculator) => {
    const { options, data } = calculate(calculator);

    test('is found by its name, and every option has a default and a meaning', () => {
      expect(findCalculator(name)).toBe(calculator);
      for (const setting of listSettings(settingSchema(calculator.options))) {
        expect(setting.default, setting.path).toEqual(options[setting.path]);
        expect(setting.meaning, setting.path).not.toBe('');
      }
    });

    test('computes the same data again, and they survive JSON', () => {
      expect(calculate(calculator).data).toEqual(data);
      expect(JSON.parse(JSON.stringify(data))).toEqual(data);
    });

    test('its tables have a cell for every column and no broken numbers', () => {
      const tables = calculator.table(data);
      expect(tables.length).toBeGreaterThan(0);
      for (const { columns, rows, title, note } of tables) {
        expect(rows.length).toBeGreaterThan(0);
        for (const row of rows) expect(row).toHaveLength(columns.length);
        expect(JSON.stringify([title, rows, note ?? ''])).not.toMatch(/NaN|undefined|Infinity|null/);
      }
    });
  },
);

test('unknown names and wrong values are explained', () => {
  expect(() => findCalculator('sparse')).toThrow('Available: sparse-reward, specialists');
  const { calculate: run, find } = { calculate, find: findCalculator };
  expect(() => run(find('specialists'), { task: 3 })).toThrow(
    'unknown option of specialists "task"; did you mean "tasks"?',
  );
  expect(() => run(find('specialists'), { tasks: 0.5 })).toThrow(
    'specialists: tasks must be a whole number, at least 1, not 0.5.',
  );
});

test('numbers read well', () => {
  expect([0, 1, 29841.6, 0.003351, 3.351e-5, 1.23e12, -2e-7].map((value) => number(value))).toEqual([
    '0',
    '1',
    '29,840',
    '0.003351',
    '3.351e-5',
    '1.23e12',
    '-2e-7',
  ]);
  expect([-24.008, -400.5, 2, 9.99999].map((log10) => powerOfTen(log10))).toEqual([
    '9.817e-25',
    '3.162e-401',
    '100',
    '1e10',
  ]);
  expect([whole(29841.6), whole(1.5e9), percent(0.0719873), percent(0.8)]).toEqual(['29,842', '1.5e9', '7.2%', '80%']);
});
