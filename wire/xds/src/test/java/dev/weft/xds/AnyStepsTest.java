package dev.weft.xds;

import static dev.weft.xds.Examples.delta;
import static dev.weft.xds.Examples.refused;
import static dev.weft.xds.Examples.resource;
import static dev.weft.xds.Examples.sotw;
import static dev.weft.xds.Examples.version;
import static org.assertj.core.api.Assertions.assertThat;

import io.envoyproxy.envoy.service.discovery.v3.DeltaDiscoveryRequest;
import io.envoyproxy.envoy.service.discovery.v3.DiscoveryRequest;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** A stream that looks only at what may have changed says what a full comparison would say. */
class AnyStepsTest {
  private static final int RUNS = 50;
  private static final int STEPS = 300;
  private static final List<XdsType> TYPES =
      List.of(XdsType.CLUSTER, XdsType.ENDPOINT, XdsType.LISTENER, XdsType.ROUTE);
  private static final String ALL = "*";

  @ParameterizedTest
  @EnumSource
  void responses_are_those_of_a_full_comparison(StreamForm form) {
    int responses = 0;
    for (int seed = 0; seed < RUNS; seed++) {
      Run run = new Run(form, seed);
      for (int step = 0; step < STEPS; step++) {
        run.step();
        run.compare("seed " + seed + ", step " + step);
      }
      responses += run.responses;
    }
    assertThat(responses).as("responses compared").isGreaterThan(RUNS * STEPS / 10);
  }

  /** One stream, its oracle, and the resources of the moment. */
  private static final class Run {
    private final StreamForm form;
    private final Random random;
    private final ServerStream stream;
    private final Map<XdsType, FullComparison> oracle = new EnumMap<>(XdsType.class);
    private final Map<XdsType, TreeMap<String, VersionedResource>> world =
        new EnumMap<>(XdsType.class);
    private long nonces;
    private int responses;

    Run(StreamForm form, long seed) {
      this.form = form;
      this.random = new Random(seed);
      this.stream = new ServerStream(form);
      TYPES.forEach(this::change);
    }

    void step() {
      XdsType type = TYPES.get(random.nextInt(TYPES.size()));
      switch (random.nextInt(8)) {
        case 0, 1 -> change(type);
        case 2, 3, 4 -> {
          switch (form) {
            case INCREMENTAL -> askDelta(type);
            case STATE_OF_THE_WORLD -> askForWorld(type);
          }
        }
        default -> push();
      }
    }

    private Set<String> someNames(int max) {
      Set<String> names = new TreeSet<>();
      for (int i = random.nextInt(max + 1); i > 0; i--) {
        names.add("name-" + random.nextInt(12));
      }
      return names;
    }

    private String content() {
      return Integer.toString(random.nextInt(3));
    }

    private void change(XdsType type) {
      Set<String> names = someNames(4);
      Map<String, VersionedResource> there = world.computeIfAbsent(type, t -> new TreeMap<>());
      for (String name : names) {
        if (random.nextInt(3) == 0) {
          there.remove(name);
        } else {
          there.put(name, resource(name, content()));
        }
      }
      if (random.nextInt(6) == 0) {
        stream.anythingMayHaveChanged();
      } else {
        names.addAll(someNames(3));
        stream.mayHaveChanged(type, names);
      }
    }

    private void askDelta(XdsType type) {
      boolean quiet = random.nextInt(3) > 0;
      Set<String> more = quiet ? Set.of() : someNames(5);
      Set<String> fewer = quiet ? Set.of() : someNames(3);
      boolean toAll = random.nextInt(20) == 0;
      boolean fromAll = random.nextInt(20) == 0;
      Map<String, String> brought = new TreeMap<>();
      someNames(4).forEach(name -> brought.put(name, version(content())));
      FullComparison expected = oracle.get(type);
      String nonce = nonce(expected);
      DeltaDiscoveryRequest.Builder request =
          delta(type)
              .addAllResourceNamesSubscribe(more)
              .addAllResourceNamesUnsubscribe(fewer)
              .putAllInitialResourceVersions(brought)
              .setResponseNonce(nonce);
      if (toAll) {
        request.addResourceNamesSubscribe(ALL);
      }
      if (fromAll) {
        request.addResourceNamesUnsubscribe(ALL);
      }
      if (random.nextInt(6) == 0) {
        request.setErrorDetail(refused("no"));
      }
      stream.on(request.build());
      if (expected == null) {
        boolean wildcard = toAll || (more.isEmpty() && type.wildcardByDefault());
        oracle.put(type, new FullComparison(type, wildcard, more, brought));
        return;
      }
      if (fromAll || !fewer.isEmpty()) {
        expected.unsubscribe(fromAll, fewer);
      }
      expected.subscribe(toAll, more);
      if (nonce.equals(expected.inFlight)) {
        expected.inFlight = "";
      }
    }

    private void askForWorld(XdsType type) {
      FullComparison expected = oracle.get(type);
      Set<String> names =
          expected == null || random.nextInt(3) == 0 ? someNames(8) : expected.names;
      boolean toAll = random.nextInt(20) == 0;
      String nonce = nonce(expected);
      DiscoveryRequest.Builder request =
          sotw(type).addAllResourceNames(names).setResponseNonce(nonce);
      if (toAll) {
        request.addResourceNames(ALL);
      }
      if (random.nextInt(6) == 0) {
        request.setErrorDetail(refused("no"));
      }
      stream.on(request.build());
      if (expected == null) {
        boolean wildcard = toAll || (names.isEmpty() && type.wildcardByDefault());
        oracle.put(type, new FullComparison(type, wildcard, names, Map.of()));
      } else if (expected.inFlight.isEmpty() || nonce.equals(expected.inFlight)) {
        if (!expected.wildcard) {
          expected.replaceNames(List.copyOf(names));
        }
        expected.inFlight = "";
      }
    }

    /** Mostly the one that is awaited. */
    private String nonce(@Nullable FullComparison expected) {
      return expected == null || random.nextInt(5) == 0 ? "" : expected.inFlight;
    }

    private void push() {
      ResourceSet.Builder resources = ResourceSet.builder();
      world.forEach((type, byName) -> resources.add(type, byName.values()));
      ResourceSet now = resources.build();
      boolean due = stream.pushDue();
      List<StreamResponse> expected = new ArrayList<>();
      for (FullComparison type : oracle.values()) {
        List<StreamResponse> response = type.push(form, now, nonces + 1);
        nonces += response.size();
        expected.addAll(response);
        FullComparison endpoints = oracle.get(XdsType.ENDPOINT);
        if (type.type == XdsType.CLUSTER && endpoints != null) {
          response.forEach(r -> endpoints.resend(type.changed));
        }
      }
      assertThat(stream.push(now)).isEqualTo(expected);
      assertThat(due || expected.isEmpty()).as("due where there is a response").isTrue();
      responses += expected.size();
    }

    void compare(String step) {
      Subscriptions actual = stream.subscriptions();
      assertThat(actual.byType()).as(step).containsOnlyKeys(oracle.keySet());
      Map<XdsType, Object> known = new EnumMap<>(XdsType.class);
      oracle.forEach(
          (type, expected) -> {
            known.put(type, expected.known);
            Subscription subscription = actual.of(type).orElseThrow();
            assertThat(subscription.wildcard()).as(step).isEqualTo(expected.wildcard);
            assertThat(subscription.names()).as(step).isEqualTo(expected.names);
            assertThat(subscription.inFlight().orElse("")).as(step).isEqualTo(expected.inFlight);
            assertThat(subscription.version()).as(step).isEqualTo(expected.version);
            assertThat(subscription.held())
                .as(step)
                .isEqualTo(expected.known.values().stream().filter(v -> !v.isEmpty()).count());
          });
      assertThat(stream.holding().versions()).as(step).isEqualTo(known);
    }
  }
}
