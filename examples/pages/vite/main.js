import { loadPolicy, makeEnv } from 'anygoal';
import * as page from 'anygoal/page';
import { trainPage } from '../train-page.js';

trainPage({ loadPolicy, makeEnv, ...page });
