package dev.weft.explain;

import com.fasterxml.jackson.annotation.JsonIgnoreProperties;
import com.fasterxml.jackson.annotation.JsonSubTypes;
import com.fasterxml.jackson.annotation.JsonTypeInfo;
import dev.weft.translate.ClusterPicture.Ejection;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * What {@code weft explain} says, as JSON and as text: the text is made of these values alone.
 *
 * @param summary sentences, the most important first
 * @param endpoints one row for each endpoint and each way to it
 * @param addresses what the service's name resolves to for the client
 */
@JsonIgnoreProperties(ignoreUnknown = true)
public record Explanation(
    List<String> summary,
    List<Row> endpoints,
    ServiceFacts service,
    ClientFacts client,
    List<String> addresses,
    List<PortFacts> ports) {
  public Explanation {
    summary = List.copyOf(summary);
    endpoints = List.copyOf(endpoints);
    addresses = List.copyOf(addresses);
    ports = List.copyOf(ports);
  }

  /**
   * A line of the table.
   *
   * @param endpoint its pod, with the port before it where several are explained
   * @param sentTo the address that is dialled; empty where none is
   * @param placing null where the client is not told of it
   */
  @JsonIgnoreProperties(ignoreUnknown = true)
  public record Row(
      String endpoint,
      String cluster,
      String network,
      String locality,
      String verdict,
      String sentTo,
      @Nullable Placing placing,
      String why) {}

  /**
   * Its place in the order.
   *
   * @param priority 0 for the first choice
   * @param weight of the address that is dialled, among those of its locality
   * @param share of all requests that one endpoint gets while everything is healthy, in percent
   */
  @JsonIgnoreProperties(ignoreUnknown = true)
  public record Placing(int priority, long weight, double share) {}

  /** The service that was asked for. */
  @JsonIgnoreProperties(ignoreUnknown = true)
  public record ServiceFacts(
      String hostname,
      String name,
      String namespace,
      List<String> clusters,
      boolean headless,
      boolean clusterLocal,
      int endpoints) {}

  /** The pod that asks. */
  @JsonIgnoreProperties(ignoreUnknown = true)
  public record ClientFacts(
      String pod,
      String namespace,
      String cluster,
      String network,
      String locality,
      boolean sidecar) {}

  /**
   * One port of the service.
   *
   * @param cluster name of the xDS cluster
   * @param policy how one of the endpoints is chosen, Envoy's name
   * @param localities by priority; empty where nothing is spread
   * @param ejection null where failing endpoints are not ejected
   */
  @JsonIgnoreProperties(ignoreUnknown = true)
  public record PortFacts(
      int port,
      String name,
      String protocol,
      String cluster,
      String policy,
      List<LocalityFacts> localities,
      @Nullable Ejection ejection,
      List<Decision> endpoints) {
    public PortFacts {
      localities = List.copyOf(localities);
      endpoints = List.copyOf(endpoints);
    }
  }

  /**
   * One locality of the endpoints that the client is told of.
   *
   * @param share of all requests while everything is healthy, in percent
   */
  @JsonIgnoreProperties(ignoreUnknown = true)
  public record LocalityFacts(
      String locality, int priority, long weight, double share, int addresses) {}

  /** What became of an endpoint. */
  @JsonTypeInfo(use = JsonTypeInfo.Id.NAME, property = "decision")
  @JsonSubTypes({
    @JsonSubTypes.Type(value = Direct.class, name = "direct"),
    @JsonSubTypes.Type(value = ViaGateway.class, name = "via-gateway"),
    @JsonSubTypes.Type(value = LeftOut.class, name = "left-out")
  })
  public sealed interface Decision {
    /** Why, for people. */
    String sentence();
  }

  /**
   * It is dialled itself.
   *
   * @param placing null where its locality gets no share
   */
  @JsonIgnoreProperties(ignoreUnknown = true)
  public record Direct(
      String address,
      boolean mtls,
      @Nullable Placing placing,
      EndpointFacts endpoint,
      String sentence)
      implements Decision {}

  /**
   * A gateway is dialled.
   *
   * @param behind what is reached through it
   * @param placing of the gateway's address; null where its locality gets no share
   */
  @JsonIgnoreProperties(ignoreUnknown = true)
  public record ViaGateway(
      String address,
      String network,
      String locality,
      @Nullable Placing placing,
      List<EndpointFacts> behind,
      String sentence)
      implements Decision {
    public ViaGateway {
      behind = List.copyOf(behind);
    }
  }

  /**
   * The client is not told of it.
   *
   * @param reason a stable word
   */
  @JsonIgnoreProperties(ignoreUnknown = true)
  public record LeftOut(EndpointFacts endpoint, String reason, String sentence)
      implements Decision {}

  /** An endpoint. */
  @JsonIgnoreProperties(ignoreUnknown = true)
  public record EndpointFacts(
      String name,
      String namespace,
      String cluster,
      String network,
      String locality,
      String address,
      Map<String, Integer> ports,
      String health,
      boolean mtls,
      String serviceAccount) {}
}
