package dev.weft.archtest;

import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.classes;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.fields;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.methods;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static com.tngtech.archunit.library.dependencies.SlicesRuleDefinition.slices;
import static org.assertj.core.api.Assertions.assertThat;

import com.tngtech.archunit.base.DescribedPredicate;
import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.domain.JavaCodeUnitAccess;
import com.tngtech.archunit.core.domain.JavaField;
import com.tngtech.archunit.core.domain.JavaMethod;
import com.tngtech.archunit.core.domain.JavaModifier;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption;
import com.tngtech.archunit.lang.ArchCondition;
import com.tngtech.archunit.lang.ArchRule;
import com.tngtech.archunit.lang.ConditionEvents;
import com.tngtech.archunit.lang.SimpleConditionEvent;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;

/** The rules that Maven cannot see. Which module may import which is in the modules' poms. */
class HouseTest {

  /** Modules that only decide: no I/O, no threads, no clocks, no randomness of their own. */
  private static final String[] PURE = {
    "dev.weft.types..",
    "dev.weft.config..",
    "dev.weft.snapshot..",
    "dev.weft.translate..",
    "dev.weft.routing..",
    "dev.weft.access..",
    "dev.weft.runtime..",
    "dev.weft.exchange..",
    "dev.weft.topology..",
    "dev.weft.explain.."
  };

  private static final String[] CONTROL = {
    "dev.weft.config..",
    "dev.weft.snapshot..",
    "dev.weft.discovery..",
    "dev.weft.translate..",
    "dev.weft.ca..",
    "dev.weft.inject..",
    "dev.weft.provision..",
    "dev.weft.control.."
  };

  private static final String[] PROXY = {
    "dev.weft.routing..",
    "dev.weft.access..",
    "dev.weft.codec..",
    "dev.weft.runtime..",
    "dev.weft.exchange..",
    "dev.weft.demand..",
    "dev.weft.identity..",
    "dev.weft.dns..",
    "dev.weft.redirect..",
    "dev.weft.server..",
    "dev.weft.proxy.."
  };

  static final ArchRule proxyKnowsNothingOfControl =
      noClasses()
          .that()
          .resideInAnyPackage(PROXY)
          .should()
          .dependOnClassesThat()
          .resideInAnyPackage(CONTROL);

  static final ArchRule controlKnowsNothingOfProxy =
      noClasses()
          .that()
          .resideInAnyPackage(CONTROL)
          .should()
          .dependOnClassesThat()
          .resideInAnyPackage(PROXY);

  /** What both planes decide is read together in one place; see ADR 34. */
  static final ArchRule bothPlanesInOnePlace =
      noClasses()
          .that()
          .resideInAPackage("dev.weft.explain..")
          .should()
          .dependOnClassesThat()
          .resideInAnyPackage(
              "dev.weft.control..",
              "dev.weft.discovery..",
              "dev.weft.server..",
              "dev.weft.proxy..",
              "dev.weft.codec..");

  static final ArchRule clustersKnowNothingOfTheMesh =
      noClasses()
          .that()
          .resideInAnyPackage("dev.weft.apiserver..", "dev.weft.lab..")
          .should()
          .dependOnClassesThat()
          .resideInAnyPackage(CONTROL)
          .orShould()
          .dependOnClassesThat()
          .resideInAnyPackage(PROXY);

  static final ArchRule noCycles = slices().matching("dev.weft.(*)..").should().beFreeOfCycles();

  static final ArchRule noCyclesInTheApiServer =
      slices().matching("dev.weft.apiserver.(*)..").should().beFreeOfCycles();

  /** The vocabulary of its callers knows nothing of the server behind it. */
  static final ArchRule apiServerBehindItsVocabulary =
      noClasses()
          .that()
          .resideInAPackage("dev.weft.apiserver")
          .should()
          .dependOnClassesThat()
          .resideInAPackage("dev.weft.apiserver.*..");

  static final ArchRule noCyclesInTheProxyServer =
      slices().matching("dev.weft.server.(*)..").should().beFreeOfCycles();

  /** What becomes of a request is the same in every version of HTTP; see ADR 59. */
  static final ArchRule exchangesKnowNoWire =
      noClasses()
          .that()
          .resideInAPackage("dev.weft.server.http")
          .should()
          .dependOnClassesThat()
          .resideInAnyPackage("io.netty.channel..", "io.netty.handler..");

  /** A version of HTTP is known to itself, and where connections are accepted. */
  private static ArchRule isKnownWhereItIsWired(String legs) {
    return classes()
        .that()
        .resideInAPackage(legs)
        .should()
        .onlyHaveDependentClassesThat()
        .resideInAnyPackage("dev.weft.server", legs);
  }

  static final ArchRule pure =
      noClasses()
          .that()
          .resideInAnyPackage(PURE)
          .should()
          .dependOnClassesThat()
          .resideInAnyPackage(
              "java.net.http..",
              "java.nio.channels..",
              "java.nio.file..",
              "java.util.concurrent..",
              "java.util.logging..",
              "io.grpc..",
              "io.netty..",
              "io.fabric8..",
              "org.slf4j..")
          .orShould()
          .callMethod(System.class, "currentTimeMillis")
          .orShould()
          .callMethod(System.class, "nanoTime")
          .orShould()
          .callMethod(System.class, "getenv", String.class)
          .orShould()
          .callMethod(java.time.Instant.class, "now")
          .orShould()
          .callMethod(Math.class, "random");

  /**
   * Where the clock of the machine is read, and why there. Everywhere else it comes in from outside
   * ({@code dev.weft.loop.Clock}, or {@code InstantSource} where nobody waits), so that tests move
   * it.
   */
  private static final List<String> CLOCK_EDGES =
      List.of(
          // It is the clock.
          "dev.weft.loop.SystemClock",
          // Programs begin here, and hand it on.
          "dev.weft.control.Main",
          "dev.weft.proxy.ProxyProcess",
          // The client library asks for tokens, and knows no clock.
          "dev.weft.discovery.RenewedToken",
          "dev.weft.discovery.Kubeconfigs",
          // It has a clock of its own for who has no other.
          "dev.weft.demand.Demands",
          // They limit how long a program outside may take to answer, or a person waits.
          "dev.weft.proxy.WaitCommand",
          "dev.weft.proxy.admin.AppProbes",
          "dev.weft.redirect.RedirectCheck",
          "dev.weft.prometheus.Fleet",
          "dev.weft.install.Installation",
          "dev.weft.cli.*",
          // A cluster on this machine, whose pods are processes.
          "dev.weft.apiserver.*",
          "dev.weft.lab.*",
          // A rehearsal waits for processes, and calls them for so many seconds.
          "dev.weft.mesh.TrafficRehearsal",
          "dev.weft.mesh.RehearsedTraffic");

  private static boolean isIn(JavaClass type, String edge) {
    return edge.endsWith(".*")
        ? type.getName().startsWith(edge.substring(0, edge.length() - 1))
        : type.getName().equals(edge) || type.getName().startsWith(edge + "$");
  }

  private static boolean isClock(JavaCodeUnitAccess<?> access) {
    String owner = access.getTargetOwner().getName();
    String name = access.getName();
    return switch (owner) {
      case "java.lang.System" -> name.equals("nanoTime") || name.equals("currentTimeMillis");
      case "java.time.Clock", "java.time.InstantSource" ->
          name.startsWith("system") || name.startsWith("tick");
      case "java.time.Instant",
          "java.time.LocalDate",
          "java.time.LocalDateTime",
          "java.time.OffsetDateTime",
          "java.time.ZonedDateTime" ->
          name.equals("now");
      case "java.util.Date" ->
          name.equals("<init>") && access.getTarget().getRawParameterTypes().isEmpty();
      case "dev.weft.loop.Clock" -> name.equals("system");
      default -> false;
    };
  }

  /** Law 5 of the design: clocks are at the edges. */
  static final ArchRule clockFromOutside =
      classes()
          .that(
              new DescribedPredicate<JavaClass>("are no edges") {
                @Override
                public boolean test(JavaClass type) {
                  return type.getPackageName().startsWith("dev.weft.")
                      && CLOCK_EDGES.stream().noneMatch(edge -> isIn(type, edge));
                }
              })
          .should(
              new ArchCondition<JavaClass>("be told what time it is") {
                @Override
                public void check(JavaClass type, ConditionEvents events) {
                  type.getCodeUnitAccessesFromSelf().stream()
                      .filter(HouseTest::isClock)
                      .forEach(
                          access ->
                              events.add(
                                  SimpleConditionEvent.violated(type, access.getDescription())));
                }
              });

  /** An edge that reads no clock any more is none. */
  @Test
  void every_edge_reads_the_clock() {
    for (String edge : CLOCK_EDGES) {
      assertThat(
              HOUSE.stream()
                  .filter(type -> isIn(type, edge))
                  .anyMatch(
                      type ->
                          type.getCodeUnitAccessesFromSelf().stream().anyMatch(HouseTest::isClock)))
          .as(edge)
          .isTrue();
    }
  }

  /** Their order differs from run to run, and bytes depend on order. */
  static final ArchRule sequencedCopies =
      noClasses()
          .that()
          .resideInAnyPackage("dev.weft.snapshot..", "dev.weft.translate..")
          .should()
          .callMethod(java.util.Map.class, "copyOf", java.util.Map.class)
          .orShould()
          .callMethod(java.util.Set.class, "copyOf", java.util.Collection.class);

  static final ArchRule noProtobufInModels =
      noClasses()
          .that()
          .resideInAnyPackage(
              "dev.weft.types..",
              "dev.weft.config..",
              "dev.weft.snapshot..",
              "dev.weft.routing..",
              "dev.weft.access..")
          .should()
          .dependOnClassesThat()
          .resideInAnyPackage("com.google.protobuf..", "io.envoyproxy..", "io.grpc..");

  static final ArchRule kubernetesClientsAtTheEdges =
      noClasses()
          .that()
          .resideOutsideOfPackages(
              "dev.weft.discovery..",
              "dev.weft.provision..",
              "dev.weft.control..",
              "dev.weft.install..",
              "dev.weft.cli..")
          .should()
          .dependOnClassesThat()
          .resideInAPackage("io.fabric8..");

  static final ArchRule noStaticState =
      fields()
          .that(
              new DescribedPredicate<JavaField>("are static") {
                @Override
                public boolean test(JavaField field) {
                  return field.getModifiers().contains(JavaModifier.STATIC)
                      && !field.getOwner().getPackageName().startsWith("dev.weft.xds.");
                }
              })
          .should()
          .beFinal();

  /** A translator may see nothing but its inputs record: the record is the cache key. */
  static final ArchRule oneInput =
      methods()
          .that()
          .areDeclaredInClassesThat()
          .resideInAPackage("dev.weft.translate..")
          .and()
          .haveName("translate")
          .should(
              new ArchCondition<JavaMethod>("be static and take exactly one record") {
                @Override
                public void check(JavaMethod method, ConditionEvents events) {
                  List<JavaClass> parameters = method.getRawParameterTypes();
                  boolean ok =
                      method.getModifiers().contains(JavaModifier.STATIC)
                          && parameters.size() == 1
                          && parameters.getFirst().isRecord();
                  events.add(
                      new SimpleConditionEvent(
                          method, ok, method.getFullName() + " takes " + parameters));
                }
              });

  static final ArchRule plainNames =
      classes()
          .that()
          .resideInAPackage("dev.weft..")
          .and()
          .resideOutsideOfPackages("dev.weft.xds.nds..", "dev.weft.xds.ca..")
          .should(
              new ArchCondition<JavaClass>("say what they are") {
                @Override
                public void check(JavaClass type, ConditionEvents events) {
                  boolean vague =
                      type.getSimpleName()
                          .matches(".*(Manager|Helper|Utils?|Impl|Processor|Wrapper)|Abstract.*");
                  events.add(
                      new SimpleConditionEvent(
                          type, !vague, type.getName() + " has a name that says nothing"));
                }
              });

  /** What a proxy takes and does not act on is said, with the reason, where people look for it. */
  static final ArchRule ignoredInOnePlace =
      noClasses()
          .that()
          .haveNameNotMatching("dev\\.weft\\.runtime\\.IgnoredIn\\w+")
          .and()
          .resideOutsideOfPackage("dev.weft.xds.client..")
          .should()
          .dependOnClassesThat()
          .haveNameMatching("dev\\.weft\\.xds\\.client\\.Ignored\\$Field");

  private static final JavaClasses HOUSE =
      new ClassFileImporter()
          .withImportOption(new ImportOption.DoNotIncludeTests())
          .importPackages("dev.weft");

  @TestFactory
  Stream<DynamicTest> house() {
    return Stream.of(
            proxyKnowsNothingOfControl,
            controlKnowsNothingOfProxy,
            bothPlanesInOnePlace,
            clustersKnowNothingOfTheMesh,
            noCycles,
            noCyclesInTheApiServer,
            apiServerBehindItsVocabulary,
            noCyclesInTheProxyServer,
            exchangesKnowNoWire,
            isKnownWhereItIsWired("dev.weft.server.http1"),
            isKnownWhereItIsWired("dev.weft.server.http2"),
            pure,
            clockFromOutside,
            sequencedCopies,
            noProtobufInModels,
            kubernetesClientsAtTheEdges,
            noStaticState,
            oneInput,
            plainNames,
            ignoredInOnePlace)
        .map(rule -> DynamicTest.dynamicTest(rule.getDescription(), () -> rule.check(HOUSE)));
  }
}
