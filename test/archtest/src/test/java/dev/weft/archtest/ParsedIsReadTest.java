package dev.weft.archtest;

import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.fields;

import com.tngtech.archunit.base.DescribedPredicate;
import com.tngtech.archunit.core.domain.JavaAccess;
import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.core.domain.JavaCodeUnit;
import com.tngtech.archunit.core.domain.JavaField;
import com.tngtech.archunit.core.domain.JavaMethod;
import com.tngtech.archunit.core.domain.JavaModifier;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption;
import com.tngtech.archunit.lang.ArchCondition;
import com.tngtech.archunit.lang.ConditionEvents;
import com.tngtech.archunit.lang.SimpleConditionEvent;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/**
 * What people write is carried out: a field that is parsed and then read by nobody is a promise
 * that is not kept. It is read where something depends on it, so copying a record is no reading.
 */
class ParsedIsReadTest {
  private static final String CONFIG = "dev.weft.config";

  private static final DescribedPredicate<JavaField> COMPONENT =
      new DescribedPredicate<>("are components of records that objects are parsed to") {
        @Override
        public boolean test(JavaField field) {
          JavaClass owner = field.getOwner();
          return owner.isRecord()
              && owner.getPackageName().equals(CONFIG)
              && !field.getModifiers().contains(JavaModifier.STATIC)
              && !isOfParser(owner)
              // What happens to an object, and where it is kept.
              && !owner.getName().startsWith(CONFIG + ".ConfigEvent")
              && !owner.getName().startsWith(CONFIG + ".KubeFact");
        }
      };

  private static final ArchCondition<JavaField> BE_READ =
      new ArchCondition<>("be read by code beyond the parsers") {
        @Override
        public void check(JavaField component, ConditionEvents events) {
          JavaClass parsed = component.getOwner();
          JavaMethod accessor = parsed.getMethod(component.getName());
          boolean read =
              Stream.of(
                      accessor.getCallsOfSelf(),
                      accessor.getReferencesToSelf(),
                      component.getAccessesToSelf())
                  .flatMap(accesses -> accesses.stream())
                  .anyMatch(access -> reads(access, accessor, parsed));
          events.add(
              new SimpleConditionEvent(
                  component,
                  read,
                  component.getFullName()
                      + " is read by nobody: carry it out, or do not parse it and say so with"
                      + " TreeReader.unsupported"));
        }
      };

  /** Whether something comes of it: neither the record itself again nor a parser's other values. */
  private static boolean reads(JavaAccess<?> access, JavaMethod accessor, JavaClass parsed) {
    JavaCodeUnit by = access.getOrigin();
    return !by.equals(accessor)
        && !(by.isConstructor() && by.getOwner().equals(parsed))
        && !isOfParser(by.getOwner())
        && by.getConstructorCallsFromSelf().stream()
            .noneMatch(call -> call.getTargetOwner().equals(parsed));
  }

  private static boolean isOfParser(JavaClass type) {
    return type.getPackageName().equals(CONFIG) && type.getName().matches(".*(Parser|Checks).*");
  }

  @Test
  void every_component_of_a_parsed_object_is_read_beyond_its_parser() {
    fields()
        .that(COMPONENT)
        .should(BE_READ)
        .check(
            new ClassFileImporter()
                .withImportOption(new ImportOption.DoNotIncludeTests())
                .importPackages("dev.weft"));
  }
}
