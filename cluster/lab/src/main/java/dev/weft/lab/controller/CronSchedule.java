package dev.weft.lab.controller;

import java.time.Instant;
import java.time.ZoneId;
import java.time.ZonedDateTime;
import java.time.temporal.ChronoUnit;
import java.util.BitSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;

/**
 * When a CronJob is due: five fields as in crontab(5), or a name such as {@code @hourly}.
 *
 * @param minutes 0-59
 * @param hours 0-23
 * @param days of the month, 1-31
 * @param months 1-12
 * @param weekdays 0-6, 0 is Sunday
 * @param eitherDay both kinds of days are restricted, and one of them is enough
 */
record CronSchedule(
    BitSet minutes,
    BitSet hours,
    BitSet days,
    BitSet months,
    BitSet weekdays,
    boolean eitherDay,
    ZoneId zone) {
  private static final Map<String, String> NAMES =
      Map.of(
          "@yearly", "0 0 1 1 *",
          "@annually", "0 0 1 1 *",
          "@monthly", "0 0 1 * *",
          "@weekly", "0 0 * * 0",
          "@daily", "0 0 * * *",
          "@midnight", "0 0 * * *",
          "@hourly", "0 * * * *");
  private static final List<String> MONTHS =
      List.of(
          "", "jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec");
  private static final List<String> WEEKDAYS =
      List.of("sun", "mon", "tue", "wed", "thu", "fri", "sat");

  /** Leap days come at least every eight years; what is not due by then never is. */
  private static final int YEARS = 9;

  /**
   * @throws IllegalArgumentException that names the field
   */
  static CronSchedule parse(String schedule, ZoneId zone) {
    String text = schedule.strip();
    String[] fields = NAMES.getOrDefault(text, text).split("\\s+", -1);
    if (fields.length != 5) {
      throw new IllegalArgumentException(
          "schedule \"%s\": use five fields, or one of %s"
              .formatted(schedule, NAMES.keySet().stream().sorted().toList()));
    }
    return new CronSchedule(
        field("minute", fields[0], 0, 59, List.of()),
        field("hour", fields[1], 0, 23, List.of()),
        field("day of month", fields[2], 1, 31, List.of()),
        field("month", fields[3], 1, 12, MONTHS),
        sundays(field("day of week", fields[4], 0, 7, WEEKDAYS)),
        restricted(fields[2]) && restricted(fields[4]),
        zone);
  }

  private static boolean restricted(String field) {
    return !field.startsWith("*") && !field.startsWith("?");
  }

  /** Sunday is 7 as well. */
  private static BitSet sundays(BitSet days) {
    if (days.get(7)) {
      days.set(0);
      days.clear(7);
    }
    return days;
  }

  private static BitSet field(String what, String text, int least, int max, List<String> names) {
    BitSet all = new BitSet(max + 1);
    for (String part : text.split(",", -1)) {
      String[] steps = part.split("/", 2);
      String[] ends = steps[0].split("-", 2);
      boolean any = steps[0].equals("*") || steps[0].equals("?");
      int first = any ? least : value(what, text, ends[0], names);
      int last =
          any || (ends.length == 1 && steps.length == 2)
              ? max
              : value(what, text, ends[ends.length - 1], names);
      int step = steps.length == 2 ? value(what, text, steps[1], List.of()) : 1;
      if (first < least || last > max || first > last || step < 1) {
        throw bad(what, text, least, max);
      }
      for (int each = first; each <= last; each += step) {
        all.set(each);
      }
    }
    // Seven is Sunday, which "*" has already.
    if (max == 7 && (text.startsWith("*") || text.startsWith("?"))) {
      all.clear(7);
    }
    return all;
  }

  private static int value(String what, String text, String word, List<String> names) {
    int named = names.indexOf(word.toLowerCase(Locale.ROOT));
    if (named >= 0 && !word.isEmpty()) {
      return named;
    }
    if (!word.matches("[0-9]{1,4}")) {
      throw new IllegalArgumentException("%s \"%s\": what is \"%s\"?".formatted(what, text, word));
    }
    return Integer.parseInt(word);
  }

  private static IllegalArgumentException bad(String what, String text, int least, int max) {
    return new IllegalArgumentException(
        "%s \"%s\": use values from %d to %d, ranges upwards and steps from 1"
            .formatted(what, text, least, max));
  }

  /** The first time after an instant; empty where there is none, such as on February 30. */
  Optional<Instant> after(Instant instant) {
    ZonedDateTime end = instant.atZone(zone).plusYears(YEARS);
    ZonedDateTime at = instant.atZone(zone).truncatedTo(ChronoUnit.MINUTES).plusMinutes(1);
    while (at.isBefore(end)) {
      if (!months.get(at.getMonthValue())) {
        at = at.truncatedTo(ChronoUnit.DAYS).withDayOfMonth(1).plusMonths(1);
      } else if (!day(at)) {
        at = at.truncatedTo(ChronoUnit.DAYS).plusDays(1);
      } else if (!hours.get(at.getHour())) {
        at = at.truncatedTo(ChronoUnit.HOURS).plusHours(1);
      } else if (!minutes.get(at.getMinute())) {
        at = at.plusMinutes(1);
      } else {
        return Optional.of(at.toInstant());
      }
    }
    return Optional.empty();
  }

  private boolean day(ZonedDateTime at) {
    boolean ofMonth = days.get(at.getDayOfMonth());
    boolean ofWeek = weekdays.get(at.getDayOfWeek().getValue() % 7);
    return eitherDay ? ofMonth || ofWeek : ofMonth && ofWeek;
  }
}
