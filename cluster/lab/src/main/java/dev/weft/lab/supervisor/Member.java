package dev.weft.lab.supervisor;

import dev.weft.apiserver.ApiServerOptions;
import dev.weft.apiserver.ApiServerOptions.Authorization;
import dev.weft.apiserver.ApiServerSettings;
import dev.weft.apiserver.ObjectStore;
import dev.weft.apiserver.PodBackend;
import dev.weft.apiserver.ServiceDialer;
import dev.weft.apiserver.server.ApiServer;
import dev.weft.lab.controller.ClusterControllers;
import dev.weft.lab.net.Place;
import dev.weft.lab.net.Relay;
import dev.weft.lab.object.Events;
import dev.weft.lab.object.Feed;
import dev.weft.lab.object.Kinds;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.channels.SocketChannel;
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * One API server with its controllers, reachable from the wan. What a node adds is in {@link
 * RunningNode}.
 */
final class Member implements LabApi, AutoCloseable {
  /** Longer than any lab lives; each start issues new ones. */
  private static final Duration CREDENTIALS = Duration.ofDays(3650);

  private final String name;
  private final String wanAddress;
  private final ApiServer api;
  private final Events events;
  private final Feed feed;
  private final ClusterControllers controllers;
  private final Closing closing = new Closing();

  private Member(
      String name,
      String wanAddress,
      ApiServer api,
      Events events,
      Feed feed,
      ClusterControllers controllers) {
    this.name = name;
    this.wanAddress = wanAddress;
    this.api = api;
    this.events = events;
    this.feed = feed;
    this.controllers = controllers;
  }

  /**
   * Opens storage and listens on the host's loopback.
   *
   * @param names that the certificate covers besides
   */
  static Member open(
      String name,
      LabDirectory directory,
      String wanAddress,
      String serviceRange,
      List<String> loadBalancerRanges,
      PodBackend pods,
      ServiceDialer services)
      throws IOException {
    List<String> names = new ArrayList<>(List.of(wanAddress));
    ApiServer api =
        ApiServer.open(
            new ApiServerSettings(name, directory.apiServer(name), 0, names),
            pods,
            services,
            ApiServerOptions.DEFAULTS
                .withServiceRange(serviceRange)
                .withAuthorization(Authorization.RBAC));
    ObjectStore store = api.objects();
    store.register(Kinds.ADDRESS_POOLS);
    store.register(Kinds.L2_ADVERTISEMENTS);
    InstantSource clock = InstantSource.system();
    Events events = new Events(store, clock);
    Feed feed = new Feed(store);
    ClusterControllers controllers =
        new ClusterControllers(
            feed,
            events,
            new ClusterControllers.Settings(api.caCertificatePem(), loadBalancerRanges),
            clock);
    Member member = new Member(name, wanAddress, api, events, feed, controllers);
    member.closing.add(api);
    try {
      api.start();
    } catch (IOException e) {
      member.close();
      throw new IOException(
          ("API server of %s: %s (its port is kept in %s; delete that file to get another)")
              .formatted(name, e.getMessage(), directory.apiServer(name).resolve("port")),
          e);
    }
    return member;
  }

  /** Lets the wan reach the API server at {@code address:6443} of that place. */
  void relay(Place place, String address) throws IOException {
    closing.add(Relay.start(place.listen(address, LabPlan.API_PORT), this::connect));
  }

  private SocketChannel connect() throws IOException {
    try {
      return SocketChannel.open(
          new InetSocketAddress(InetAddress.getLoopbackAddress(), api.port()));
    } catch (IllegalStateException e) {
      throw new IOException(e.getMessage(), e);
    }
  }

  /** Begins to control; followers are added before. */
  void start() {
    feed.start();
    controllers.start();
    closing.add(feed);
    closing.add(controllers);
  }

  @Override
  public String name() {
    return name;
  }

  ApiServer api() {
    return api;
  }

  @Override
  public String wanKubeconfig() {
    return api.kubeconfig(name, wanServer());
  }

  @Override
  public String wanKubeconfig(String namespace, String account) {
    ClusterObjects objects = new ClusterObjects(store());
    objects.namespace(namespace, Map.of());
    objects.administrator(namespace, account);
    String token =
        api.serviceAccountToken(namespace, account, List.of(), CREDENTIALS, Optional.empty());
    return wanKubeconfig().replace(api.adminToken(), token);
  }

  @Override
  public ObjectStore store() {
    return api.objects();
  }

  Events events() {
    return events;
  }

  Feed feed() {
    return feed;
  }

  String hostServer() {
    try {
      return "https://127.0.0.1:" + api.port();
    } catch (IllegalStateException e) {
      return "";
    }
  }

  String wanServer() {
    return "https://" + wanAddress + ":" + LabPlan.API_PORT;
  }

  @Override
  public void close() {
    closing.close();
  }
}
