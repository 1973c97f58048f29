package dev.weft.console.yaml;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.dataformat.yaml.YAMLGenerator;
import com.fasterxml.jackson.dataformat.yaml.YAMLMapper;
import java.io.StringReader;
import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import org.yaml.snakeyaml.DumperOptions;
import org.yaml.snakeyaml.LoaderOptions;
import org.yaml.snakeyaml.Yaml;
import org.yaml.snakeyaml.constructor.SafeConstructor;
import org.yaml.snakeyaml.error.MarkedYAMLException;
import org.yaml.snakeyaml.error.YAMLException;
import org.yaml.snakeyaml.nodes.MappingNode;
import org.yaml.snakeyaml.nodes.Node;
import org.yaml.snakeyaml.nodes.NodeTuple;
import org.yaml.snakeyaml.nodes.ScalarNode;
import org.yaml.snakeyaml.nodes.SequenceNode;
import org.yaml.snakeyaml.nodes.Tag;
import org.yaml.snakeyaml.representer.Representer;
import org.yaml.snakeyaml.resolver.Resolver;

/**
 * An object in a YAML text.
 *
 * @param tree of maps, lists, strings, numbers and booleans
 */
public record YamlDocument(Map<String, Object> tree, MappingNode node) {
  private static final int MAX_CHARACTERS = 1 << 20;
  private static final int MAX_DEPTH = 50;
  private static final int MAX_ALIASES = 20;

  /** A step of a path, such as {@code subsets} or {@code [0]}. */
  private static final Pattern STEP = Pattern.compile("\\[(\\d+)]|([^.\\[\\]]+)");

  private static final YAMLMapper WRITER =
      YAMLMapper.builder()
          .enable(YAMLGenerator.Feature.MINIMIZE_QUOTES)
          .enable(YAMLGenerator.Feature.ALWAYS_QUOTE_NUMBERS_AS_STRINGS)
          .disable(YAMLGenerator.Feature.WRITE_DOC_START_MARKER)
          .disable(YAMLGenerator.Feature.SPLIT_LINES)
          .enable(YAMLGenerator.Feature.INDENT_ARRAYS_WITH_INDICATOR)
          .build();

  public YamlDocument {
    tree = Collections.unmodifiableMap(new LinkedHashMap<>(tree));
  }

  /** A time is a string in Kubernetes, whether or not it is quoted. */
  private static final class TimesAreStrings extends Resolver {
    @Override
    public void addImplicitResolver(Tag tag, Pattern regexp, String first, int limit) {
      if (!tag.equals(Tag.TIMESTAMP)) {
        super.addImplicitResolver(tag, regexp, first, limit);
      }
    }
  }

  /** Makes values of nodes. */
  private static final class Values extends SafeConstructor {
    Values(LoaderOptions options) {
      super(options);
    }

    @Nullable Object of(Node node) {
      return constructObject(node);
    }
  }

  /** The objects that a text holds; documents without anything are left out. */
  public static List<YamlDocument> all(String text) throws MalformedYamlException {
    LoaderOptions options = new LoaderOptions();
    options.setAllowDuplicateKeys(false);
    options.setMaxAliasesForCollections(MAX_ALIASES);
    options.setNestingDepthLimit(MAX_DEPTH);
    options.setCodePointLimit(MAX_CHARACTERS);
    Values values = new Values(options);
    DumperOptions unused = new DumperOptions();
    Yaml yaml = new Yaml(values, new Representer(unused), unused, options, new TimesAreStrings());
    List<YamlDocument> documents = new ArrayList<>();
    try {
      for (Node node : yaml.composeAll(new StringReader(text))) {
        if (node.getTag().equals(Tag.NULL)) {
          continue;
        }
        if (!(node instanceof MappingNode mapping)) {
          throw new MalformedYamlException(
              line(node), "the document is no object: it needs apiVersion, kind and metadata");
        }
        if (texts(values.of(mapping)) instanceof Map<?, ?> tree) {
          Map<String, Object> fields = new LinkedHashMap<>();
          tree.forEach((key, value) -> fields.put(String.valueOf(key), value));
          documents.add(new YamlDocument(fields, mapping));
        }
      }
      return documents;
    } catch (MarkedYAMLException e) {
      var mark = e.getProblemMark() == null ? e.getContextMark() : e.getProblemMark();
      throw new MalformedYamlException(
          mark == null ? 0 : mark.getLine() + 1, String.valueOf(e.getProblem()));
    } catch (YAMLException e) {
      throw new MalformedYamlException(0, String.valueOf(e.getMessage()));
    }
  }

  /** The same as JSON has it: keys are strings. */
  private static @Nullable Object texts(@Nullable Object value) {
    return switch (value) {
      case Map<?, ?> map -> {
        Map<String, @Nullable Object> copy = new LinkedHashMap<>();
        map.forEach((key, each) -> copy.put(String.valueOf(key), texts(each)));
        yield copy;
      }
      case List<?> list -> {
        List<@Nullable Object> copy = new ArrayList<>();
        list.forEach(each -> copy.add(texts(each)));
        yield copy;
      }
      case null, default -> value;
    };
  }

  /** Where the document begins, from 1. */
  public int line() {
    return line(node);
  }

  /**
   * Where a field is, from 1: as deep as the text has it.
   *
   * @param path such as {@code spec.http[0].route}
   */
  public int line(String path) {
    Node at = node;
    int line = line(node);
    Matcher steps = STEP.matcher(path);
    while (steps.find()) {
      Node next = null;
      if (steps.group(1) != null && at instanceof SequenceNode list) {
        int index = Integer.parseInt(steps.group(1));
        if (index < list.getValue().size()) {
          next = list.getValue().get(index);
          line = line(next);
        }
      } else if (steps.group(2) != null && at instanceof MappingNode map) {
        for (NodeTuple field : map.getValue()) {
          if (field.getKeyNode() instanceof ScalarNode key
              && key.getValue().equals(steps.group(2))) {
            next = field.getValueNode();
            line = line(key);
          }
        }
      }
      if (next == null) {
        return line;
      }
      at = next;
    }
    return line;
  }

  private static int line(Node node) {
    return node.getStartMark().getLine() + 1;
  }

  /** A tree as YAML. */
  public static String text(Map<String, ?> tree) {
    try {
      return WRITER.writeValueAsString(tree);
    } catch (JsonProcessingException e) {
      throw new IllegalStateException("trees are YAML", e);
    }
  }
}
