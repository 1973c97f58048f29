package dev.weft.cli.explain;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.weft.cli.lab.RunningLab;
import dev.weft.cli.output.OutputOption;
import dev.weft.cli.output.Table;
import dev.weft.cli.reach.ClusterAccess;
import dev.weft.cli.reach.CommandFailure;
import dev.weft.cli.reach.ControlPlane;
import dev.weft.cli.reach.NamespaceOption;
import dev.weft.cli.reach.PodName;
import dev.weft.explain.Portion;
import dev.weft.explain.RequestQuestion;
import dev.weft.explain.RequestStory;
import dev.weft.explain.StepCode;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.Callable;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** {@code weft explain request}. */
@Command(
    name = "request",
    description = {
      "Says decision by decision where a request goes, and why: one that a proxy logged, or one that"
          + " could be made.",
      "Routes are matched and endpoints are balanced by the code of the proxies."
    })
public final class ExplainRequestCommand implements Callable<Integer> {
  /** Each line is a question of its own. */
  private static final int MAX_LINES = 100;

  @Mixin private final ClusterAccess access = new ClusterAccess();
  @Mixin private final ControlPlane controlPlane = new ControlPlane();
  @Mixin private final NamespaceOption namespace = new NamespaceOption();
  @Mixin private final OutputOption output = new OutputOption();
  @Spec private CommandSpec spec = CommandSpec.create();

  @Parameters(
      arity = "0..1",
      paramLabel = "URL",
      description = "The URL as the client writes it: [http://]HOST[:PORT][/PATH]")
  private String url = "";

  @Option(
      names = "--from",
      paramLabel = "POD",
      description =
          "The client: POD, POD.NAMESPACE, NAMESPACE/POD or deploy/NAME; a gateway's pod for"
              + " requests from outside")
  private String from = "";

  @Option(
      names = {"-X", "--method"},
      paramLabel = "METHOD",
      defaultValue = "GET",
      description = "Default: ${DEFAULT-VALUE}")
  private String method = "GET";

  @Option(
      names = {"-H", "--header"},
      paramLabel = "NAME=VALUE",
      description = "A header of the request; may be repeated")
  private Map<String, String> headers = new LinkedHashMap<>();

  @Option(
      names = "--log",
      paramLabel = "FILE",
      description =
          "Lines of an access log (asm, istio-json or text), at most 100; - for standard input")
  private @Nullable String log;

  @Override
  public Integer call() {
    if ((log == null) == url.isEmpty() || (log == null && from.isEmpty())) {
      throw new ParameterException(
          spec.commandLine(), "a URL and --from=<POD> are needed, or --log=<FILE>");
    }
    Caller caller =
        from.isEmpty()
            ? new Caller("", Caller.cluster(access, controlPlane))
            : Caller.of(
                access,
                controlPlane,
                PodName.parse(from, namespace.value(access, RunningLab.HERE)));
    if (log == null) {
      RequestStory story = ask(described(caller));
      output.print(spec.commandLine().getOut(), story, () -> render(story));
    } else {
      List<RequestStory> stories = lines().stream().map(line -> ask(logged(caller, line))).toList();
      output.print(
          spec.commandLine().getOut(),
          stories,
          () ->
              stories.stream()
                  .map(ExplainRequestCommand::render)
                  .collect(Collectors.joining("\n")));
    }
    return 0;
  }

  private RequestQuestion described(Caller caller) {
    boolean tls = url.startsWith("https://");
    String rest = url.replaceFirst("^https?://", "");
    int slash = rest.indexOf('/');
    int query = rest.indexOf('?');
    int end = slash >= 0 && (query < 0 || slash < query) ? slash : query;
    String path = end < 0 ? "/" : rest.substring(end);
    return new RequestQuestion(
        "",
        caller.from(),
        caller.cluster(),
        method,
        (tls ? "https://" : "") + (end < 0 ? rest : rest.substring(0, end)),
        path.startsWith("/") ? path : "/" + path,
        headers);
  }

  private RequestQuestion logged(Caller caller, String line) {
    return new RequestQuestion(line, caller.from(), caller.cluster(), "", "", "", headers);
  }

  private List<String> lines() {
    String file = Objects.requireNonNull(log);
    try {
      if (!file.equals("-")) {
        try (Stream<String> lines = Files.lines(Path.of(file))) {
          return some(lines);
        }
      }
      // The input is not ours to close.
      BufferedReader in =
          new BufferedReader(new InputStreamReader(System.in, StandardCharsets.UTF_8));
      return some(in.lines());
    } catch (IOException e) {
      throw CommandFailure.failed("--log: cannot read " + file + ": " + e);
    } catch (UncheckedIOException e) {
      throw CommandFailure.failed("--log: cannot read " + file + ": " + e.getCause());
    }
  }

  private static List<String> some(Stream<String> lines) {
    return lines.filter(l -> !l.isBlank()).limit(MAX_LINES).toList();
  }

  /**
   * All replicas tell the same story, but for what the one knows that serves the caller's proxy.
   */
  private RequestStory ask(RequestQuestion question) {
    try {
      List<RequestStory> told =
          controlPlane
              .all(
                  access,
                  RunningLab.HERE,
                  "/debug/explain/request",
                  Map.of("question", new ObjectMapper().writeValueAsString(question)))
              .answers()
              .stream()
              .map(answer -> Answers.read(answer.json(), RequestStory.class))
              .toList();
      return told.stream()
          .filter(story -> story.has(StepCode.ON_DEMAND))
          .findFirst()
          .orElse(told.getFirst());
    } catch (JsonProcessingException e) {
      throw new UncheckedIOException(e);
    }
  }

  static String render(RequestStory story) {
    StringBuilder out = new StringBuilder();
    RequestQuestion asked = story.question();
    out.append(
            Stream.of(asked.method(), asked.host() + asked.path(), "from " + asked.from())
                .filter(part -> !part.isEmpty())
                .collect(Collectors.joining(" ")))
        .append("\n\n");
    Table steps = new Table("step", "because of", "what");
    for (RequestStory.Step step : story.steps()) {
      RequestStory.@Nullable Named object = step.object();
      steps.row(
          step.code(),
          object == null ? "" : object.kind() + " " + object.namespace() + "/" + object.name(),
          step.text());
    }
    out.append(steps.render());
    Table places = new Table("service", "subset", "share", "place", "way", "address");
    for (RequestStory.Destination destination : story.destinations()) {
      for (Portion portion : destination.places()) {
        places.row(
            destination.service(),
            destination.subset(),
            percent(destination.share() * portion.share()),
            portion.place().isEmpty() ? "nowhere" : portion.place(),
            portion.path().name().toLowerCase(Locale.ROOT),
            portion.address());
      }
    }
    if (!places.isEmpty()) {
      out.append('\n').append(places.render());
    }
    return out.append('\n').append(story.outcome().text()).append('\n').toString();
  }

  static String percent(double share) {
    return String.format(Locale.ROOT, "%.1f %%", share * 100);
  }
}
