package dev.weft.proxy.admin;

import static org.assertj.core.api.Assertions.assertThat;

import dev.weft.proxy.admin.LocalHttp.Answer;
import dev.weft.types.Json;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** The pages that Istio's tools collect from every proxy. */
class ProcessPagesTest {
  private static Map<String, ?> json(Answer answer) {
    assertThat(answer.status()).isEqualTo(200);
    assertThat(answer.contentType()).isEqualTo("application/json");
    return Json.parseObject(answer.body());
  }

  @Test
  void memory_is_numbers_as_text() {
    Map<String, ?> memory = json(ProcessPages.memory());
    assertThat(memory.keySet())
        .contains("allocated", "heap_size", "pageheap_free", "total_physical_bytes");
    assertThat(String.valueOf(memory.get("allocated"))).matches("[1-9][0-9]+");
  }

  @Test
  void there_are_no_runtime_layers() {
    assertThat(json(ProcessPages.runtime())).containsOnlyKeys("layers", "entries");
  }

  @Test
  void init_dump_says_what_is_waited_for_and_nothing_of_a_proxy_that_is_ready() {
    assertThat(ProcessPages.unready("listeners").body())
        .contains("unready_targets_dumps", "listeners");
    assertThat(json(ProcessPages.unready(""))).isEmpty();
  }

  @Test
  void waits_for_locks_are_not_measured() {
    assertThat(ProcessPages.contention().body()).contains("not enabled");
  }

  @Test
  void version_is_that_of_the_build() {
    assertThat(Build.NUMBER).isNotEqualTo("0.0.0");
    assertThat(Build.message()).containsKey("version");
  }
}
