package dev.weft.lab.net;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.weft.lab.net.LabNetwork.NodeNetwork;
import dev.weft.lab.net.LabNetwork.NodePlan;
import dev.weft.lab.net.LabNetwork.PodNetwork;
import dev.weft.lab.net.LabNetwork.ServiceRule;
import dev.weft.lab.net.LabNetwork.Target;
import dev.weft.lab.net.LabNetwork.Transport;
import java.io.IOException;
import java.net.ConnectException;
import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.ClosedChannelException;
import java.nio.channels.DatagramChannel;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeSet;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Two clusters with the same ranges on one wan. Needs root: fails, with the reason, without. */
class LinuxNetworkTest {
  private static final String PREFIX = "labnet-test" + ProcessHandle.current().pid();
  private static final int PATIENCE_MILLIS = 60_000;

  private final List<AutoCloseable> open = new ArrayList<>();
  private LinuxNetwork network;
  private NodeNetwork west;
  private NodeNetwork east;

  @BeforeEach
  void two_clusters_with_the_same_ranges() throws IOException {
    network = LinuxNetwork.open(PREFIX);
    west = network.addNode(node("west", "172.18.0.2", "10.244.0.0/16", Map.of()));
    east = network.addNode(node("east", "172.18.0.3", "10.244.0.0/16", Map.of()));
  }

  @AfterEach
  void nothing_is_left() throws Exception {
    for (AutoCloseable closeable : open) {
      closeable.close();
    }
    network.destroy();
    assertThat(Leftovers.namespaces(PREFIX)).isEmpty();
  }

  @Test
  void pods_of_a_node_reach_each_other_and_their_node() throws IOException {
    PodNetwork a = west.addPod("a");
    PodNetwork b = west.addPod("b");
    serve(b.place(), 8080, "b");
    serve(west.place(), 9090, "node");

    assertThat(b.address()).isNotEqualTo(a.address());
    assertThat(ask(a.place(), b.address(), 8080)).isEqualTo("b " + a.address());
    assertThat(ask(a.place(), "10.244.0.1", 9090)).isEqualTo("node " + a.address());
    assertThat(ask(west.place(), b.address(), 8080)).isEqualTo("b 10.244.0.1");
  }

  @Test
  void a_removed_pods_address_is_not_given_to_the_next_one() throws IOException {
    PodNetwork a = west.addPod("a");
    west.removePod("a");

    assertThat(west.addPod("b").address()).isNotEqualTo(a.address());
    assertThat(Leftovers.namespaces(a.place().namespace())).isEmpty();
  }

  @Test
  void a_cluster_address_spreads_over_the_endpoints_for_pods_and_for_the_node() throws IOException {
    PodNetwork client = west.addPod("client");
    PodNetwork a = west.addPod("a");
    PodNetwork b = west.addPod("b");
    serve(a.place(), 8080, "a");
    serve(b.place(), 8081, "b");
    west.services(
        List.of(
            service(
                List.of("10.96.0.20"),
                List.of(),
                30080,
                new Target(a.address(), 8080),
                new Target(b.address(), 8081))));

    assertThat(names(client.place(), "10.96.0.20", 80)).containsExactly("a", "b");
    assertThat(names(west.place(), "10.96.0.20", 80)).containsExactly("a", "b");
    assertThat(names(client.place(), "172.18.0.2", 30080)).containsExactly("a", "b");
    assertThat(names(network.wan(), "172.18.0.2", 30080)).containsExactly("a", "b");
  }

  @Test
  void a_pod_reaches_itself_through_its_service() throws IOException {
    PodNetwork a = west.addPod("a");
    serve(a.place(), 8080, "a");
    west.services(
        List.of(service(List.of("10.96.0.20"), List.of(), 0, new Target(a.address(), 8080))));

    assertThat(ask(a.place(), "10.96.0.20", 80)).startsWith("a ");
  }

  @Test
  void a_load_balancer_address_is_reached_from_everywhere_and_goes_with_its_service()
      throws IOException {
    PodNetwork server = east.addPod("server");
    PodNetwork neighbour = east.addPod("neighbour");
    PodNetwork stranger = west.addPod("stranger");
    Place host = network.addHost("outside", "172.18.0.50");
    serve(server.place(), 8080, "server");
    east.services(
        List.of(
            service(
                List.of("10.96.0.20"),
                List.of("172.18.1.241"),
                0,
                new Target(server.address(), 8080))));

    assertThat(ask(host, "172.18.1.241", 80)).isEqualTo("server 172.18.0.50");
    assertThat(ask(network.wan(), "172.18.1.241", 80)).isEqualTo("server 172.18.0.1");
    assertThat(ask(stranger.place(), "172.18.1.241", 80)).isEqualTo("server 172.18.0.2");
    assertThat(ask(neighbour.place(), "172.18.1.241", 80))
        .isEqualTo("server " + neighbour.address());
    assertThat(ask(east.place(), "172.18.1.241", 80)).startsWith("server ");

    east.services(List.of());
    assertThatThrownBy(() -> host.connect("172.18.1.241", 80, 150).close())
        .isInstanceOf(IOException.class);
  }

  @Test
  void udp_services_are_translated_too() throws IOException {
    PodNetwork client = west.addPod("client");
    PodNetwork server = west.addPod("server");
    DatagramChannel socket = keep(server.place().bindUdp("0.0.0.0", 5353));
    west.services(
        List.of(
            new ServiceRule(
                "dns",
                List.of("10.96.0.20"),
                List.of(),
                53,
                0,
                Transport.UDP,
                List.of(new Target(server.address(), 5353)))));
    DatagramChannel asking = keep(client.place().bindUdp("0.0.0.0", 0));
    asking.connect(new InetSocketAddress("10.96.0.20", 53));
    asking.write(StandardCharsets.UTF_8.encode("hello"));

    ByteBuffer heard = ByteBuffer.allocate(100);
    var from = socket.receive(heard);
    socket.send(StandardCharsets.UTF_8.encode("back"), from);
    ByteBuffer answer = ByteBuffer.allocate(100);
    asking.socket().setSoTimeout(PATIENCE_MILLIS);
    asking.read(answer);

    assertThat(text(heard)).isEqualTo("hello");
    assertThat(text(answer)).isEqualTo("back");
  }

  @Test
  void connections_to_a_service_without_endpoints_are_refused_at_once() throws IOException {
    PodNetwork client = west.addPod("client");
    west.services(List.of(service(List.of("10.96.0.20"), List.of("172.18.1.230"), 30080)));

    assertThatThrownBy(() -> ask(client.place(), "10.96.0.20", 80))
        .isInstanceOf(ConnectException.class);
    assertThatThrownBy(() -> ask(west.place(), "10.96.0.20", 80))
        .isInstanceOf(ConnectException.class);
    assertThatThrownBy(() -> ask(network.wan(), "172.18.1.230", 80))
        .isInstanceOf(ConnectException.class);
    assertThatThrownBy(() -> ask(network.wan(), "172.18.0.2", 30080))
        .isInstanceOf(ConnectException.class);
    assertThatThrownBy(() -> ask(client.place(), "10.96.77.77", 80))
        .isInstanceOf(ConnectException.class);
  }

  @Test
  void a_local_address_is_answered_by_the_node_even_if_a_service_without_endpoints_has_it()
      throws IOException {
    PodNetwork client = west.addPod("client");
    west.addLocalAddress("10.96.0.10");
    west.services(List.of(service(List.of("10.96.0.10"), List.of(), 0)));
    ServerSocketChannel dns = keep(west.place().listen("10.96.0.10", 80));
    answer(dns, "dns");

    assertThat(ask(client.place(), "10.96.0.10", 80)).isEqualTo("dns " + client.address());
    assertThat(ask(west.place(), "10.96.0.10", 80)).startsWith("dns ");
  }

  @Test
  void nothing_on_the_wan_reaches_a_pod_or_a_cluster_address_even_with_a_route()
      throws IOException {
    PodNetwork server = east.addPod("server");
    Place host = network.addHost("outside", "172.18.0.50");
    serve(server.place(), 8080, "server");
    serve(east.place(), 8080, "node");
    east.addLocalAddress("10.96.0.10");
    east.services(
        List.of(service(List.of("10.96.0.20"), List.of(), 0, new Target(server.address(), 8080))));
    HostTool.IP.runIn(
        host.namespace(), "test", "", "route", "add", "10.0.0.0/8", "via", "172.18.0.3");

    for (String address : List.of(server.address(), "10.244.0.1", "10.96.0.10", "10.96.0.20")) {
      for (int port : List.of(80, 8080)) {
        assertThatThrownBy(() -> host.connect(address, port, 150).close())
            .as(address + ":" + port)
            .isInstanceOf(IOException.class);
      }
    }
    assertThat(ask(host, "172.18.0.3", 8080)).startsWith("node ");
  }

  @Test
  void clusters_with_routes_to_each_other_are_flat_and_others_stay_outside() throws IOException {
    NodeNetwork left =
        network.addNode(
            node("left", "172.18.0.4", "10.1.0.0/16", Map.of("10.2.0.0/16", "172.18.0.5")));
    NodeNetwork right =
        network.addNode(
            node("right", "172.18.0.5", "10.2.0.0/16", Map.of("10.1.0.0/16", "172.18.0.4")));
    PodNetwork a = left.addPod("a");
    PodNetwork b = right.addPod("b");
    serve(b.place(), 8080, "b");
    HostTool.IP.runIn(
        network.wan().namespace(), "test", "", "route", "add", "10.2.0.0/16", "via", "172.18.0.5");

    assertThat(ask(a.place(), b.address(), 8080)).isEqualTo("b " + a.address());
    assertThatThrownBy(() -> network.wan().connect(b.address(), 8080, 150).close())
        .isInstanceOf(IOException.class);
  }

  @Test
  void opening_again_removes_what_a_crash_left_with_its_processes() throws Exception {
    PodNetwork pod = west.addPod("a");
    Process inside = new ProcessBuilder(pod.place().entering(List.of("sleep", "1000"))).start();
    // The tool enters the namespace first and becomes the command then.
    while (!Leftovers.namespaces(PREFIX).isEmpty()
        && !inside.info().command().orElse("").endsWith("/sleep")) {
      Thread.onSpinWait();
    }

    network = LinuxNetwork.open(PREFIX);

    assertThat(inside.waitFor()).isEqualTo(128 + 9);
    assertThat(Leftovers.namespaces(PREFIX)).containsExactly(PREFIX + ".wan");
  }

  @Test
  void names_are_let_go_however_often_they_are_mounted() throws Exception {
    Path file = NetworkNamespace.file(west.addPod("a").place().namespace());
    for (int i = 0; i < 2; i++) {
      assertThat(
              new ProcessBuilder("mount", "--bind", file.toString(), file.toString())
                  .start()
                  .waitFor())
          .isZero();
    }

    network.destroy();

    assertThat(Leftovers.namespaces(PREFIX)).isEmpty();
    assertThat(Files.readString(Path.of("/proc/mounts"))).doesNotContain(PREFIX);
  }

  @Test
  void a_node_that_is_added_again_takes_the_place_of_the_one_that_was_left() throws Exception {
    String pod = west.addPod("a").place().namespace();

    NodeNetwork again = network.addNode(node("west", "172.18.0.2", "10.244.0.0/16", Map.of()));

    assertThat(Leftovers.namespaces(PREFIX))
        .contains(PREFIX + ".wan", again.place().namespace())
        .doesNotContain(pod);
  }

  private static NodePlan node(String name, String wan, String pods, Map<String, String> routes) {
    return new NodePlan(name, wan, pods, "10.96.0.0/16", routes);
  }

  private static ServiceRule service(
      List<String> cluster, List<String> outside, int nodePort, Target... endpoints) {
    return new ServiceRule(
        "web", cluster, outside, 80, nodePort, Transport.TCP, List.of(endpoints));
  }

  private <T extends AutoCloseable> T keep(T closeable) {
    open.add(closeable);
    return closeable;
  }

  private void serve(Place place, int port, String name) throws IOException {
    answer(keep(place.listen("0.0.0.0", port)), name);
  }

  /** Answers each connection with the name and the client's address. */
  private static void answer(ServerSocketChannel server, String name) {
    Thread.ofVirtual()
        .start(
            () -> {
              while (server.isOpen()) {
                try (SocketChannel client = server.accept()) {
                  String from =
                      ((InetSocketAddress) client.getRemoteAddress()).getAddress().getHostAddress();
                  client.write(StandardCharsets.UTF_8.encode(name + " " + from));
                } catch (ClosedChannelException e) {
                  return;
                } catch (IOException e) {
                  throw new java.io.UncheckedIOException(e);
                }
              }
            });
  }

  private static String ask(Place place, String address, int port) throws IOException {
    try (SocketChannel channel = place.connect(address, port, PATIENCE_MILLIS)) {
      ByteBuffer buffer = ByteBuffer.allocate(200);
      while (channel.read(buffer) >= 0) {
        Thread.onSpinWait();
      }
      return text(buffer);
    }
  }

  private static List<String> names(Place place, String address, int port) throws IOException {
    TreeSet<String> names = new TreeSet<>();
    for (int i = 0; i < 4; i++) {
      names.add(ask(place, address, port).split(" ")[0]);
    }
    return List.copyOf(names);
  }

  private static String text(ByteBuffer buffer) {
    return StandardCharsets.UTF_8.decode(buffer.flip()).toString();
  }
}
