// Packages that are not there are named with what to install.
import { expect, it } from 'vitest';
import { packageAdvice } from '../platform/web.js';
import { importNamed, optionalPackage } from './optional-package.js';

it('a package that is missing is named with what to install', async () => {
  const missing = optionalPackage('h5wasm', 'HDF5', () => importNamed('anygoal-no-such-package'));
  await expect(missing).rejects.toThrow(
    'HDF5 is read with the package h5wasm, which is not installed here or does not load. Install it: npm install h5wasm',
  );
});

it('in a page that says where pages find packages', () => {
  expect(packageAdvice('h5wasm')).toMatch(
    /^A page finds h5wasm by its import map, .* workers; .* npx anygoal data convert$/,
  );
});

it('one that is there is given', async () => {
  expect(
    await optionalPackage<{ parquetRead: unknown }>('hyparquet', 'Parquet', () => importNamed('hyparquet')),
  ).toHaveProperty('parquetRead');
});
