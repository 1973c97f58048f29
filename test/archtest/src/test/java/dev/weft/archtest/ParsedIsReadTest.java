package dev.weft.archtest;

import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.methods;

import com.tngtech.archunit.base.DescribedPredicate;
import com.tngtech.archunit.core.domain.AccessTarget.ConstructorCallTarget;
import com.tngtech.archunit.core.domain.JavaAccess;
import com.tngtech.archunit.core.domain.JavaClass;
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

  private static final DescribedPredicate<JavaMethod> COMPONENT =
      new DescribedPredicate<>("are components of records that objects are parsed to") {
        @Override
        public boolean test(JavaMethod method) {
          JavaClass owner = method.getOwner();
          return owner.isRecord()
              && owner.getPackageName().equals(CONFIG)
              && method.getRawParameterTypes().isEmpty()
              && !method.getModifiers().contains(JavaModifier.STATIC)
              && owner.tryGetField(method.getName()).isPresent();
        }
      };

  private static final ArchCondition<JavaMethod> BE_READ =
      new ArchCondition<>("be read by code beyond the parsers") {
        @Override
        public void check(JavaMethod component, ConditionEvents events) {
          boolean read =
              Stream.<JavaAccess<?>>concat(
                      component.getCallsOfSelf().stream(), component.getReferencesToSelf().stream())
                  .anyMatch(access -> reads(access, component.getOwner()));
          events.add(
              new SimpleConditionEvent(
                  component,
                  read,
                  component.getFullName()
                      + " is read by nobody: carry it out, or do not parse it and say so with"
                      + " TreeReader.unsupported"));
        }
      };

  private static boolean reads(JavaAccess<?> access, JavaClass parsed) {
    return !access.getOriginOwner().getPackageName().equals(CONFIG)
        && access.getOrigin().getConstructorCallsFromSelf().stream()
            .map(call -> call.getTarget())
            .map(ConstructorCallTarget::getOwner)
            .noneMatch(parsed::equals);
  }

  @Test
  void every_component_of_a_parsed_object_is_read_beyond_its_parser() {
    methods()
        .that(COMPONENT)
        .should(BE_READ)
        .check(
            new ClassFileImporter()
                .withImportOption(new ImportOption.DoNotIncludeTests())
                .importPackages("dev.weft"));
  }
}
