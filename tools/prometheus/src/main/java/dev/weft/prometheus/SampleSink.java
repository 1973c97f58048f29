package dev.weft.prometheus;

import java.util.Map;

/** Takes samples as they are read. */
interface SampleSink {

  /**
   * One sample.
   *
   * @param labels of its series
   * @param seconds since 1970
   * @throws PrometheusException where there are more than can be held
   */
  void sample(Map<String, String> labels, double seconds, double value) throws PrometheusException;
}
