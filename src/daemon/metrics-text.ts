import { Counter, Gauge, Registry, type Histogram } from 'prom-client';

/** One figure of a metric. */
export interface Sample {
  readonly labels?: Readonly<Record<string, string>>;
  readonly value: number;
}

/** A metric as it is at one moment. Without a sample it is left out. */
export interface Metric {
  readonly name: string;
  readonly help: string;
  readonly type: 'gauge' | 'counter';
  readonly samples: readonly Sample[];
}

/** The media type of {@link metricsText}. */
export const METRICS_TYPE: string = Registry.PROMETHEUS_CONTENT_TYPE;

/**
 * Metrics in the text format of Prometheus. The registry lives for one answer: what is said is a function of what is given, and
 * the samples of one metric are sorted. `histograms` are kept by whoever observes, in no registry.
 */
export async function metricsText(metrics: readonly Metric[], histograms: readonly Histogram[] = []): Promise<string> {
  const registry = new Registry();
  for (const { name, help, type, samples } of metrics) {
    if (samples.length === 0) continue;
    const labelNames = [...new Set(samples.flatMap(({ labels = {} }) => Object.keys(labels)))];
    const of = { name, help, labelNames, registers: [registry] };
    const sorted = samples.toSorted((a, b) => (textOf(a) < textOf(b) ? -1 : 1));
    if (type === 'gauge') {
      const gauge = new Gauge(of);
      for (const { labels = {}, value } of sorted) gauge.set(labels, value);
    } else {
      const counter = new Counter(of);
      for (const { labels = {}, value } of sorted) counter.inc(labels, value);
    }
  }
  for (const histogram of histograms) registry.registerMetric(histogram);
  return registry.metrics();
}

function textOf({ labels = {} }: Sample): string {
  return JSON.stringify(labels);
}
