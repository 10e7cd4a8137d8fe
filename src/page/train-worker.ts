// The script of the worker that `trainInWorker` starts.
import { serveTraining } from './serve-training.js';

serveTraining();
