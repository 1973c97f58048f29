package dev.weft.lab.image;

import dev.weft.lab.container.ContainerRuntime.Mount;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * The catalogue of a lab. Images are found by the last part of their name, whatever registry, path,
 * tag or digest they have, so that manifests that were written for real clusters work unmodified.
 *
 * <p>Containers see the Java runtime, the libraries and the programs at fixed paths that every user
 * may read, wherever they lie on the host: see {@link #mounts()}.
 */
public final class BuiltInImages implements ImageCatalogue {
  /** Where containers see the Java runtime. */
  public static final String JAVA_HOME = "/opt/weft/jdk";

  /** Where containers see the directory with the jars. */
  public static final String LIBRARIES = "/opt/weft/lib";

  /** Where containers see the directory with the launcher, beside the jars that it looks for. */
  public static final String LAUNCHER = "/opt/weft/launcher";

  private static final String PROGRAMS = "/opt/weft/bin";
  private static final String PATH =
      PROGRAMS + ":/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin";

  /** Fast to start and small, for programs that do little. */
  private static final List<String> SMALL_JAVA =
      List.of(
          "-XX:+UseSerialGC",
          "-XX:TieredStopAtLevel=1",
          "-XX:-UsePerfData",
          "-XX:ReservedCodeCacheSize=16m",
          "-Xss256k",
          "-Xms8m",
          "-Xmx32m",
          "-Xshare:auto");

  /** As the public image's start script: what is no command is arguments for curl. */
  private static final String CURL =
      "case \"$1\" in -*|*://*) exec curl \"$@\";; esac; exec \"$@\"";

  private final List<String> weftCommand;
  private final Path javaHome;
  private final Path libraries;
  private final Path launcher;
  private final Path directory;
  private final Map<String, BuiltIn> images = new LinkedHashMap<>();

  private record BuiltIn(String description, Image image) {}

  /**
   * @param weftCommand what runs the product's program {@code weft} in a container; arguments
   *     follow
   * @param javaHome of the host
   * @param libraries the directory with the product's jars, or with this module's classes
   * @param launcher the directory with the {@code weft} script
   * @param directory the lab's own for images: the file {@code mappings} in it holds the user's
   */
  public BuiltInImages(
      List<String> weftCommand, Path javaHome, Path libraries, Path launcher, Path directory) {
    this.weftCommand = List.copyOf(weftCommand);
    this.javaHome = javaHome;
    this.libraries = libraries;
    this.launcher = launcher;
    this.directory = directory;
    add("curl", "curl and the host's other tools", shell(CURL, "curl"), List.of("curl"), 100);
    add("sleep", "sleeps; the host's tools", List.of("sleep"), List.of("infinity"), 0);
    add("pause", "sleeps", List.of("sleep"), List.of("infinity"), 65535);
    for (String name : List.of("busybox", "alpine", "bash", "debian", "ubuntu", "netshoot")) {
      add(name, "a shell with the host's tools", List.of(), List.of("sh"), 0);
    }
    httpbin("httpbin", "80");
    httpbin("go-httpbin", "8080");
    for (String version : List.of("v1", "v2")) {
      serve(
          "examples-helloworld-" + version,
          "says \"Hello version: " + version + "\", port 5000",
          java("dev.weft.lab.image.samples.Helloworld"),
          Map.of("SERVICE_VERSION", version));
    }
    for (String name : List.of("tcp-echo-server", "tcp-echo")) {
      serve(
          name,
          "sends lines back behind a greeting: PORTS GREETING",
          java("dev.weft.lab.image.samples.TcpEcho"),
          Map.of());
    }
    bookinfo();
    serve(
        "prometheus",
        "the machine's Prometheus (Debian's package), told of the pods",
        java("dev.weft.lab.image.prometheus.Main"),
        Map.of());
    add("weft", "the mesh itself: control plane, proxy", weftCommand, List.of("--help"), 1337);
    for (String name : List.of("proxyv2", "auto")) {
      add(name, "the sidecar and its redirection", weftCommand, List.of("proxy", "sidecar"), 1337);
    }
  }

  /**
   * Writes the programs that images bring along, such as {@code gunicorn}, which manifests name as
   * the command of httpbin.
   */
  public void prepare() throws IOException {
    Path programs = Files.createDirectories(directory.resolve("programs"));
    String httpbin =
        "#!/bin/sh\nexec "
            + String.join(" ", java("dev.weft.lab.image.httpbin.Main"))
            + " \"$@\"\n";
    for (String name : List.of("gunicorn", "go-httpbin")) {
      Path file = Files.writeString(programs.resolve(name), httpbin);
      Files.setPosixFilePermissions(file, PosixFilePermissions.fromString("rwxr-xr-x"));
    }
    // the name under which hooks of sidecars call the program
    Path agent =
        Files.writeString(
            programs.resolve("pilot-agent"),
            "#!/bin/sh\nexec " + String.join(" ", weftCommand) + " \"$@\"\n");
    Files.setPosixFilePermissions(agent, PosixFilePermissions.fromString("rwxr-xr-x"));
    Files.setPosixFilePermissions(programs, PosixFilePermissions.fromString("rwxr-xr-x"));
  }

  /** What every container has to have mounted for the images to work; after {@link #prepare}. */
  public List<Mount> mounts() {
    return List.of(
        new Mount(javaHome, JAVA_HOME, true),
        new Mount(libraries, LIBRARIES, true),
        new Mount(launcher, LAUNCHER, true),
        new Mount(directory.resolve("programs"), PROGRAMS, true));
  }

  @Override
  public Optional<Image> find(String name) {
    ImageName wanted = ImageName.parse(name);
    for (Map.Entry<String, List<String>> mapping : mappings().entrySet()) {
      if (wanted.matches(mapping.getKey())) {
        return Optional.of(new Image(name, mapping.getValue(), List.of(), Map.of("PATH", PATH), 0));
      }
    }
    return Optional.ofNullable(images.get(wanted.last()))
        .map(BuiltIn::image)
        .map(
            image ->
                new Image(
                    name,
                    image.entrypoint(),
                    image.arguments(),
                    image.environment(),
                    image.user()));
  }

  @Override
  public Map<String, String> describe() {
    Map<String, String> lines = new LinkedHashMap<>();
    mappings().forEach((pattern, command) -> lines.put(pattern, String.join(" ", command)));
    images.forEach((name, image) -> lines.putIfAbsent(name, image.description()));
    return lines;
  }

  private Map<String, List<String>> mappings() {
    return UserImages.read(directory.resolve("mappings")).commands();
  }

  /** Every service of Bookinfo listens on port 9080, whatever its version. */
  private void bookinfo() {
    bookinfo("productpage-v1", "the page of a book", "ProductPage", Map.of());
    bookinfo("details-v1", "what is known of a book", "Details", Map.of());
    bookinfo("ratings-v1", "how many stars readers give", "Ratings", Map.of());
    Map<String, String> stars = Map.of("ENABLE_RATINGS", "true");
    bookinfo("reviews-v1", "what readers think, without stars", "Reviews", Map.of());
    bookinfo("reviews-v2", "what readers think, with black stars", "Reviews", stars);
    bookinfo(
        "reviews-v3",
        "what readers think, with red stars",
        "Reviews",
        Map.of("ENABLE_RATINGS", "true", "STAR_COLOR", "red"));
  }

  private void bookinfo(
      String name, String description, String program, Map<String, String> environment) {
    serve(
        "examples-bookinfo-" + name,
        "Bookinfo: " + description + ", port 9080",
        java("dev.weft.lab.image.bookinfo." + program),
        environment);
  }

  private void httpbin(String name, String port) {
    serve(
        name,
        "answers with what it was asked, port " + port,
        java("dev.weft.lab.image.httpbin.Main", "--port=" + port),
        Map.of());
  }

  /** A server in Java, with what its image sets in the environment. */
  private void serve(
      String name, String description, List<String> command, Map<String, String> environment) {
    Map<String, String> all = new LinkedHashMap<>(environment);
    all.put("PATH", PATH);
    images.put(name, new BuiltIn(description, new Image(name, command, List.of(), all, 0)));
  }

  private void add(
      String name, String description, List<String> entrypoint, List<String> arguments, int user) {
    images.put(
        name,
        new BuiltIn(
            description,
            new Image(
                name, entrypoint, arguments, Map.of("PATH", PATH, "JAVA_HOME", JAVA_HOME), user)));
  }

  private List<String> java(String mainClass, String... arguments) {
    List<String> command = new ArrayList<>();
    command.add(JAVA_HOME + "/bin/java");
    command.addAll(SMALL_JAVA);
    command.addAll(List.of("-cp", classPath(), mainClass));
    command.addAll(List.of(arguments));
    return List.copyOf(command);
  }

  /** Only the jar that has the programs: looking through all of them would slow the start. */
  private String classPath() {
    if (Files.isDirectory(libraries.resolve("dev/weft/lab"))) {
      return LIBRARIES;
    }
    try (DirectoryStream<Path> jars = Files.newDirectoryStream(libraries, "weft-lab-*.jar")) {
      for (Path jar : jars) {
        return LIBRARIES + "/" + jar.getFileName();
      }
      return LIBRARIES + "/*";
    } catch (IOException e) {
      throw new UncheckedIOException("cannot list the libraries in " + libraries, e);
    }
  }

  private static List<String> shell(String script, String name) {
    return List.of("/bin/sh", "-c", script, name);
  }
}
