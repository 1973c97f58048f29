package dev.weft.translate;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.protobuf.ByteString;
import dev.weft.translate.LoadAssignmentInputs.LbEndpoint;
import dev.weft.types.HostPort;
import dev.weft.types.Locality;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

/** A service with thousands of pods, one of which changes. */
class LongListsTest {
  private static final List<Locality> ZONES =
      List.of(Locality.parse("r1/z1"), Locality.parse("r1/z2"), Locality.parse("r2/z1"));
  private static final int PODS = 5_000;

  private final List<LocalityOrder.Group> encoded = new ArrayList<>();
  private final Memo<LocalityOrder.Group, ByteString> shared =
      new Memo<>(
          group -> {
            encoded.add(group);
            return LoadAssignmentTranslator.field(group);
          });

  private static LbEndpoint pod(int number, boolean healthy) {
    return new LbEndpoint(
        new HostPort("10.1." + number / 250 + "." + number % 250, 80),
        ZONES.get(number % ZONES.size()),
        1,
        true,
        "web;shop;web;v1;c1",
        healthy,
        Map.of(),
        "");
  }

  private static LoadAssignmentInputs pods(int unhealthy) {
    return new LoadAssignmentInputs(
        "outbound|80||web",
        IntStream.range(0, PODS).mapToObj(i -> pod(i, i != unhealthy)).toList(),
        new LocalityPreference.Nearest(List.of(), List.of()),
        ZONES.getFirst(),
        Map.of());
  }

  @Test
  void localities_in_which_nothing_changed_are_not_encoded_again() {
    ByteString before = LoadAssignmentTranslator.translate(pods(-1)).encode(shared::get).bytes();
    assertThat(encoded).hasSize(ZONES.size());
    encoded.clear();

    ByteString after = LoadAssignmentTranslator.translate(pods(1234)).encode(shared::get).bytes();

    assertThat(encoded).extracting(LocalityOrder.Group::locality).containsExactly(ZONES.get(1));
    assertThat(after)
        .isNotEqualTo(before)
        .isEqualTo(
            LoadAssignmentTranslator.translate(pods(1234))
                .encode(LoadAssignmentTranslator::field)
                .bytes());
  }
}
