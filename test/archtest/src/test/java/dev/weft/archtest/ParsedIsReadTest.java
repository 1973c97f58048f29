package dev.weft.archtest;

import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.fields;

import com.tngtech.archunit.base.DescribedPredicate;
import com.tngtech.archunit.core.domain.JavaAccess;
import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.domain.JavaCodeUnit;
import com.tngtech.archunit.core.domain.JavaField;
import com.tngtech.archunit.core.domain.JavaMethod;
import com.tngtech.archunit.core.domain.JavaModifier;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption;
import com.tngtech.archunit.lang.ArchCondition;
import com.tngtech.archunit.lang.ConditionEvents;
import com.tngtech.archunit.lang.SimpleConditionEvent;
import java.util.HashSet;
import java.util.Set;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/**
 * What is accepted is carried out: a field that is parsed and then read by nobody is a promise that
 * is not kept. It is read where something depends on it, so copying a record is no reading, and
 * showing it to people is none either.
 */
class ParsedIsReadTest {
  private static final JavaClasses HOUSE =
      new ClassFileImporter()
          .withImportOption(new ImportOption.DoNotIncludeTests())
          .importPackages("dev.weft");

  /** Packages that explain and show what others do. */
  private static final Pattern SHOWING =
      Pattern.compile("dev\\.weft\\.(explain|topology|console|cli)\\b.*");

  /**
   * Values that are made of what comes from outside.
   *
   * @param packages of these values, and of who reads them from their source
   * @param parsers who reads them from their source
   * @param others components that nothing has to depend on, by their full names
   */
  private record Source(Pattern packages, Pattern parsers, Pattern others) {
    boolean isOfParser(JavaClass type) {
      return isInside(type) && parsers.matcher(type.getName()).matches();
    }

    boolean isInside(JavaClass type) {
      return packages.matcher(type.getPackageName()).matches();
    }

    DescribedPredicate<JavaField> component() {
      return DescribedPredicate.describe(
          "are components of records that are parsed",
          field ->
              field.getOwner().isRecord()
                  && isInside(field.getOwner())
                  && !field.getModifiers().contains(JavaModifier.STATIC)
                  && !isOfParser(field.getOwner())
                  && !others.matcher(field.getFullName()).matches());
    }

    /** Whether something comes of it: neither the record itself again nor a parser's values. */
    boolean reads(JavaAccess<?> access, JavaMethod accessor) {
      JavaCodeUnit by = access.getOrigin();
      JavaClass parsed = accessor.getOwner();
      return !by.equals(accessor)
          && !(by.isConstructor() && by.getOwner().equals(parsed))
          && by.getConstructorCallsFromSelf().stream()
              .noneMatch(call -> call.getTargetOwner().equals(parsed))
          && isBeyond(by, parsed, new HashSet<>());
    }

    /** What a parsed value says of itself counts where it is asked for from beyond. */
    private boolean isBeyond(JavaCodeUnit by, JavaClass parsed, Set<JavaCodeUnit> seen) {
      if (isOfParser(by.getOwner()) || SHOWING.matcher(by.getOwner().getName()).matches()) {
        return false;
      }
      return !by.getOwner().equals(parsed)
          || (seen.add(by) && uses(by).anyMatch(use -> isBeyond(use.getOrigin(), parsed, seen)));
    }
  }

  /** Calls of a method and references to it, by the names of its interfaces, too. */
  private static Stream<JavaAccess<?>> uses(JavaCodeUnit unit) {
    Stream<JavaAccess<?>> own = unit.getCallsOfSelf().stream().map(call -> call);
    if (!(unit instanceof JavaMethod method)) {
      return own;
    }
    Stream<JavaAccess<?>> declared =
        method.getOwner().getAllRawInterfaces().stream()
            .flatMap(type -> type.getMethods().stream())
            .filter(m -> m.getName().equals(method.getName()))
            .filter(m -> m.getRawParameterTypes().equals(method.getRawParameterTypes()))
            .flatMap(ParsedIsReadTest::uses);
    return Stream.of(own, method.getReferencesToSelf().stream(), declared)
        .flatMap(stream -> stream);
  }

  private static ArchCondition<JavaField> beRead(Source source, String wayOut) {
    return new ArchCondition<>("be read by code beyond the parsers") {
      @Override
      public void check(JavaField component, ConditionEvents events) {
        JavaMethod accessor = component.getOwner().getMethod(component.getName());
        boolean read =
            Stream.concat(uses(accessor), component.getAccessesToSelf().stream())
                .anyMatch(access -> source.reads(access, accessor));
        events.add(
            new SimpleConditionEvent(
                component, read, component.getFullName() + " is read by nobody: " + wayOut));
      }
    };
  }

  @Test
  void every_component_of_a_parsed_object_is_read_beyond_its_parser() {
    Source objects =
        new Source(
            Pattern.compile("dev\\.weft\\.config"),
            Pattern.compile(".*\\.\\w+(Parser|Checks)\\b.*"),
            // What happens to an object, and where it is kept.
            Pattern.compile(".*\\.(ConfigEvent|Discovered|KubeFact).*"));
    fields()
        .that(objects.component())
        .should(
            beRead(
                objects, "carry it out, or do not parse it and say so with TreeReader.unsupported"))
        .check(HOUSE);
  }

  @Test
  void every_component_of_compiled_configuration_is_read_beyond_its_compiler() {
    Source resources =
        new Source(
            Pattern.compile("dev\\.weft\\.(runtime|routing)"),
            Pattern.compile(
                ".*\\.runtime\\.(\\w*Compiler|NetworkFilters|ClusterHttp|RouteFilters)\\b.*"),
            Pattern.compile(
                // What tells resources apart for people, and values of the proxy's own.
                ".*\\.(name|statPrefix)|.*\\$\\d?(Key|Point|Set)\\.\\w+"));
    fields()
        .that(resources.component())
        .should(beRead(resources, "carry it out, refuse it by name, or say why it changes nothing"))
        .check(HOUSE);
  }
}
