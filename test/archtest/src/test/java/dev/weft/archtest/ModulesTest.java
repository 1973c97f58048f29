package dev.weft.archtest;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;

/** A module's folder, its artifact and its package have one name. */
class ModulesTest {
  private static final Path ROOT = Path.of("../..");
  private static final Pattern MODULE = Pattern.compile("<module>([^<]+)</module>");

  @Test
  void folder_artifact_and_package_have_one_name() throws IOException {
    Matcher modules = MODULE.matcher(Files.readString(ROOT.resolve("pom.xml")));
    List<String> seen = new ArrayList<>();
    while (modules.find()) {
      Path module = ROOT.resolve(modules.group(1));
      String name = module.getFileName().toString();
      seen.add(name);
      assertThat(Files.readString(module.resolve("pom.xml")))
          .contains("<artifactId>weft-" + name + "</artifactId>");
      for (String kind : List.of("main", "test")) {
        Path sources = module.resolve("src/" + kind + "/java/dev/weft");
        if (Files.isDirectory(sources)) {
          assertThat(below(sources)).as("%s, %s", name, kind).containsExactly(name);
        }
      }
    }
    assertThat(seen).hasSizeGreaterThan(30).doesNotHaveDuplicates();
  }

  private static List<String> below(Path folder) throws IOException {
    List<String> names = new ArrayList<>();
    try (DirectoryStream<Path> all = Files.newDirectoryStream(folder)) {
      all.forEach(one -> names.add(one.getFileName().toString()));
    }
    return names;
  }
}
