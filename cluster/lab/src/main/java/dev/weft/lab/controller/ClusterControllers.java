package dev.weft.lab.controller;

import dev.weft.lab.object.Events;
import dev.weft.lab.object.Feed;
import dev.weft.lab.object.Kinds;
import java.time.InstantSource;
import java.util.List;
import java.util.Optional;
import java.util.SplittableRandom;

/** All controllers of one API server, on one {@link Feed}. */
public final class ClusterControllers implements AutoCloseable {
  private final GarbageCollector garbage;
  private final NamespaceController namespaces;
  private final WorkloadControllers workloads;
  private final PodSetControllers podSets;
  private final BatchControllers batch;
  private final ServiceControllers services;
  private final Autoscalers autoscalers;

  /**
   * What the controllers of a cluster need to know.
   *
   * @param caCertificate PEM of the API server's certificate authority
   * @param loadBalancerRanges addresses for Services of type LoadBalancer, used after those of
   *     {@code IPAddressPool} objects; may be empty
   */
  public record Settings(String caCertificate, List<String> loadBalancerRanges) {}

  /** Adds the controllers to a feed that has not been started. */
  public ClusterControllers(Feed feed, Events events, Settings settings, InstantSource clock) {
    KnownTypes types = new KnownTypes();
    garbage = new GarbageCollector(feed, types);
    feed.on(Kinds.CUSTOM_RESOURCES, types);
    namespaces = new NamespaceController(feed, types, settings.caCertificate());
    workloads = new WorkloadControllers(feed, events, clock, new SplittableRandom());
    podSets = new PodSetControllers(feed, events, new SplittableRandom());
    batch = new BatchControllers(feed, events, clock, new SplittableRandom());
    autoscalers = new Autoscalers(feed, events, clock);
    Optional<AddressPool> pool =
        settings.loadBalancerRanges().isEmpty()
            ? Optional.empty()
            : Optional.of(new AddressPool("lab", settings.loadBalancerRanges()));
    services = new ServiceControllers(feed, events, clock, pool);
  }

  public void start() {
    garbage.start();
    namespaces.start();
    workloads.start();
    podSets.start();
    batch.start();
    services.start();
    autoscalers.start();
  }

  @Override
  public void close() {
    autoscalers.close();
    services.close();
    batch.close();
    podSets.close();
    workloads.close();
    namespaces.close();
    garbage.close();
  }
}
