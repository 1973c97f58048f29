package dev.weft.bench;

import dev.weft.codec.HeadLimits;
import dev.weft.codec.RequestHead;
import java.nio.charset.StandardCharsets;
import java.util.concurrent.TimeUnit;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.Warmup;

/** How long the head of a request takes, and that it costs no objects. */
@State(Scope.Thread)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
@Fork(1)
@Warmup(iterations = 5, time = 1)
@Measurement(iterations = 5, time = 1)
public class RequestHeadBenchmark {
  /** What clients send: a tool's few fields, or a sidecar's many. */
  public enum Shape {
    CURL(
        "GET /status/418 HTTP/1.1\r\nHost: httpbin:8000\r\nUser-Agent: curl/8.5.0\r\n"
            + "Accept: */*\r\n\r\n"),
    SIDECAR(
        "POST /api/v1/products/0?lang=en HTTP/1.1\r\nhost: details.shop:9080\r\n"
            + "user-agent: Mozilla/5.0 (X11; Linux x86_64) AppleWebKit/537.36\r\n"
            + "accept: application/json, text/plain, */*\r\naccept-encoding: gzip, deflate\r\n"
            + "content-type: application/json\r\ncontent-length: 512\r\n"
            + "cookie: session=0123456789abcdef0123456789abcdef; theme=dark\r\n"
            + "x-request-id: 7c1b8f5e-3a6d-4f52-9b0e-2f6f4f0f8a11\r\n"
            + "x-forwarded-proto: http\r\nx-forwarded-for: 10.244.0.7\r\n"
            + "x-b3-traceid: 463ac35c9f6413ad48485a3953bb6124\r\nx-b3-spanid: a2fb4a1d1a96d312\r\n"
            + "x-b3-sampled: 1\r\nx-envoy-attempt-count: 1\r\n"
            + "x-envoy-decorator-operation: details.shop.svc.cluster.local:9080/*\r\n\r\n");

    private final byte[] bytes;

    Shape(String text) {
      this.bytes = text.getBytes(StandardCharsets.US_ASCII);
    }
  }

  @Param public Shape shape = Shape.CURL;

  private final RequestHead head = new RequestHead(HeadLimits.DEFAULT);

  @Benchmark
  public boolean parse() {
    head.reset();
    return head.parse(shape.bytes, shape.bytes.length);
  }
}
