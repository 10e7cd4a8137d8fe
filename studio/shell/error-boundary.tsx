// Keeps the frame when a page breaks. React knows no other form than a class for this.
import { Component, type ReactNode } from 'react';
import { Failure } from './states.js';

interface State {
  readonly error?: Error;
}

export class ErrorBoundary extends Component<{ readonly children: ReactNode }, State> {
  override state: State = {};

  static getDerivedStateFromError(error: unknown): State {
    return { error: error instanceof Error ? error : new Error(String(error)) };
  }

  override render() {
    const { error } = this.state;
    if (error === undefined) return this.props.children;
    return <Failure error={error} retry={() => this.setState({ error: undefined })} />;
  }
}
