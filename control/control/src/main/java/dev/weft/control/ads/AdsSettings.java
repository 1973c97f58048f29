package dev.weft.control.ads;

import java.net.InetSocketAddress;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/**
 * How the discovery server listens and pushes.
 *
 * @param plaintext where proxies on trusted networks connect; null for nowhere
 * @param tls where proxies authenticate; null for nowhere
 * @param maxConnectionAge after which a stream is ended, so that proxies spread over replicas; gRPC
 *     varies it by 10 %; zero for never
 * @param podWait how long a proxy whose pod is not known yet waits for its first answer, so that
 *     the answer need not be corrected a moment later
 * @param introduction how long a stream may take until it says who asks
 * @param pushWorkers how many proxies are translated for at the same time
 */
public record AdsSettings(
    @Nullable InetSocketAddress plaintext,
    @Nullable InetSocketAddress tls,
    Duration maxConnectionAge,
    Duration podWait,
    Duration introduction,
    int pushWorkers) {

  public AdsSettings {
    if (pushWorkers < 1) {
      throw new IllegalArgumentException("pushWorkers " + pushWorkers + " is less than 1");
    }
  }

  /** Istio's ports and ages, on all addresses. */
  public static AdsSettings defaults(int plaintextPort, int tlsPort) {
    return new AdsSettings(
        new InetSocketAddress(plaintextPort),
        new InetSocketAddress(tlsPort),
        Duration.ofMinutes(30),
        Duration.ofSeconds(2),
        Duration.ofSeconds(30),
        Math.max(2, Runtime.getRuntime().availableProcessors()));
  }
}
