package dev.weft.provision;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.node.ObjectNode;
import com.fasterxml.jackson.dataformat.yaml.YAMLGenerator;
import com.fasterxml.jackson.dataformat.yaml.YAMLMapper;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * The roles in the documentation are those of the code; {@code -Dgolden.update=true} writes them.
 */
class RolesTest {
  private static final YAMLMapper YAML =
      YAMLMapper.builder()
          .enable(YAMLGenerator.Feature.MINIMIZE_QUOTES)
          .disable(YAMLGenerator.Feature.SPLIT_LINES)
          .build();

  @ParameterizedTest
  @ValueSource(strings = {"reader", "member", "hosted-member"})
  void roles_for_people_are_those_that_are_tested(String name) throws IOException {
    Rights rights =
        switch (name) {
          case "reader" -> Rights.reader();
          case "member" -> Rights.member();
          default -> Rights.hostedMember();
        };
    List<ObjectNode> documents = new ArrayList<>();
    documents.add(rights.clusterRole("weft-" + name));
    if (!rights.root().isEmpty()) {
      documents.add(rights.roleIn("istio-system", "weft-" + name));
    }
    StringBuilder text = new StringBuilder();
    for (ObjectNode document : documents) {
      text.append(YAML.writeValueAsString(document));
    }
    Path file = Path.of("../../docs/roles", name + ".yaml");
    if (Boolean.getBoolean("golden.update")) {
      Files.createDirectories(file.getParent());
      Files.writeString(file, text);
    }
    assertThat(text.toString()).isEqualTo(Files.exists(file) ? Files.readString(file) : "");
  }
}
