package dev.weft.cli.install;

import dev.weft.cli.output.Table;
import dev.weft.cli.reach.CommandFailure;
import dev.weft.install.Installation;
import dev.weft.install.Tag;
import io.fabric8.kubernetes.client.KubernetesClient;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code weft tag}. */
@Command(
    name = "tag",
    description =
        "Tags: further names of revisions, which namespaces can use to select their proxies.",
    mixinStandardHelpOptions = true,
    subcommands = {TagCommand.SetTag.class, TagCommand.ListTags.class, TagCommand.RemoveTag.class})
public final class TagCommand {

  /** {@code weft tag set}. */
  @Command(
      name = "set",
      description = "Points a tag at a revision.",
      mixinStandardHelpOptions = true)
  static final class SetTag implements Callable<Integer> {
    @Mixin InCluster cluster = new InCluster();
    @Mixin NamespaceOption mesh = new NamespaceOption();

    @Parameters(paramLabel = "TAG", description = "The tag")
    String tag = "";

    @Option(
        names = {"-r", "--revision"},
        paramLabel = "NAME",
        required = true,
        description = "The revision")
    String revision = "";

    @Option(names = "--overwrite", description = "Move it from another revision")
    boolean overwrite;

    @Override
    public Integer call() {
      Installation installation = ChartFiles.installation();
      try (KubernetesClient client = cluster.client()) {
        ChartFiles.saying(
            () -> {
              installation.setTag(client, mesh.namespace, tag, revision, overwrite);
              return tag;
            });
      }
      cluster
          .console()
          .say(
              "tag "
                  + tag
                  + " is revision "
                  + revision
                  + ": namespaces with the label istio.io/rev="
                  + tag
                  + " get its proxies in new pods");
      return 0;
    }
  }

  /** {@code weft tag list}. */
  @Command(
      name = "list",
      description = "Lists tags, their revisions, and the namespaces that use them.",
      mixinStandardHelpOptions = true)
  static final class ListTags implements Callable<Integer> {
    @Mixin InCluster cluster = new InCluster();
    @Mixin NamespaceOption mesh = new NamespaceOption();

    @Override
    public Integer call() {
      List<Tag> tags;
      try (KubernetesClient client = cluster.client()) {
        tags = ChartFiles.installation().tags(client, mesh.namespace);
      }
      Table table = new Table("TAG", "REVISION", "NAMESPACES");
      for (Tag each : tags) {
        table.row(each.name(), each.revision(), String.join(",", each.namespaces()));
      }
      cluster.console().say(table.render().stripTrailing());
      return 0;
    }
  }

  /** {@code weft tag remove}. */
  @Command(name = "remove", description = "Removes a tag.", mixinStandardHelpOptions = true)
  static final class RemoveTag implements Callable<Integer> {
    @Mixin InCluster cluster = new InCluster();
    @Mixin NamespaceOption mesh = new NamespaceOption();

    @Parameters(paramLabel = "TAG", description = "The name")
    String tag = "";

    @Option(
        names = {"-y", "--skip-confirmation"},
        description = "Do not ask")
    boolean yes;

    @Override
    public Integer call() {
      Installation installation = ChartFiles.installation();
      Console console = cluster.console();
      try (KubernetesClient client = cluster.client()) {
        List<String> asking = new ArrayList<>();
        installation.tags(client, mesh.namespace).stream()
            .filter(t -> t.name().equals(tag))
            .forEach(
                t -> t.namespaces().forEach(n -> asking.add("namespace " + n + " asks for it")));
        if (!yes && !console.asks("Remove tag " + tag + "?", asking)) {
          console.say("nothing was done");
          return 1;
        }
        if (!installation.removeTag(client, mesh.namespace, tag)) {
          throw CommandFailure.failed("there is no tag " + tag + " in namespace " + mesh.namespace);
        }
      }
      console.say("tag " + tag + " removed");
      return 0;
    }
  }
}
