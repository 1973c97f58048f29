package dev.weft.lab.controller;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Instant;
import java.time.ZoneId;
import java.util.List;
import org.junit.jupiter.api.Test;

final class CronScheduleTest {
  private static final ZoneId UTC = ZoneId.of("UTC");

  private record Case(String schedule, String after, String next) {}

  private static String next(String schedule, String after, ZoneId zone) {
    return CronSchedule.parse(schedule, zone)
        .after(Instant.parse(after))
        .map(Instant::toString)
        .orElse("never");
  }

  @Test
  void the_next_time_is_the_first_that_fits_every_field() {
    // 2026-03-01 is a Sunday.
    for (Case each :
        List.of(
            new Case("* * * * *", "2026-03-01T10:00:00Z", "2026-03-01T10:01:00Z"),
            new Case("*/15 * * * *", "2026-03-01T10:00:30Z", "2026-03-01T10:15:00Z"),
            new Case("5-20/5,50 9-17 * * *", "2026-03-01T10:20:00Z", "2026-03-01T10:50:00Z"),
            new Case("30 4 * * *", "2026-03-01T10:00:00Z", "2026-03-02T04:30:00Z"),
            new Case("0 0 31 * *", "2026-03-31T00:00:00Z", "2026-05-31T00:00:00Z"),
            new Case("0 0 29 feb *", "2026-03-01T00:00:00Z", "2028-02-29T00:00:00Z"),
            new Case("0 8 * * mon-fri", "2026-02-28T10:00:00Z", "2026-03-02T08:00:00Z"),
            new Case("0 8 * * 7", "2026-03-01T08:00:00Z", "2026-03-08T08:00:00Z"),
            new Case("0 0 13 * 5", "2026-03-01T00:00:00Z", "2026-03-06T00:00:00Z"),
            new Case("0 0 1 */3 ?", "2026-03-01T00:00:00Z", "2026-04-01T00:00:00Z"),
            new Case("7/20 * * * *", "2026-03-01T10:08:00Z", "2026-03-01T10:27:00Z"),
            new Case("@weekly", "2026-03-01T00:00:00Z", "2026-03-08T00:00:00Z"),
            new Case("0 0 30 2 *", "2026-03-01T00:00:00Z", "never"))) {
      assertThat(next(each.schedule(), each.after(), UTC)).as("%s", each).isEqualTo(each.next());
    }
  }

  @Test
  void hours_are_those_of_the_time_zone() {
    assertThat(next("0 9 * * *", "2026-07-01T00:00:00Z", ZoneId.of("Asia/Shanghai")))
        .isEqualTo("2026-07-01T01:00:00Z");
  }

  @Test
  void what_cannot_be_read_names_the_field() {
    assertThatThrownBy(() -> CronSchedule.parse("61 * * * *", UTC))
        .hasMessageContaining("minute \"61\"")
        .hasMessageContaining("0 to 59");
    assertThatThrownBy(() -> CronSchedule.parse("* * * moon *", UTC))
        .hasMessage("month \"moon\": what is \"moon\"?");
    assertThatThrownBy(() -> CronSchedule.parse("@sometimes", UTC))
        .hasMessageContaining("five fields")
        .hasMessageContaining("@hourly");
  }
}
