package dev.selvedge.server.house;

import static com.tngtech.archunit.core.domain.JavaClass.Predicates.resideInAPackage;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.classes;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.fields;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static com.tngtech.archunit.library.Architectures.layeredArchitecture;
import static com.tngtech.archunit.library.dependencies.SlicesRuleDefinition.slices;

import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.domain.JavaModifier;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.lang.ArchCondition;
import com.tngtech.archunit.lang.ConditionEvents;
import com.tngtech.archunit.lang.SimpleConditionEvent;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;

/** The house has storeys, and imports point down only. */
class StoreysTest {

    private static final JavaClasses CORE = new ClassFileImporter().importPath(Path.of("target", "classes"));

    @Test
    void importsPointDownOnly() {
        layeredArchitecture().consideringOnlyDependenciesInLayers()
                .layer("files").definedBy("dev.selvedge.server.files")
                .layer("fake").definedBy("dev.selvedge.server.fake")
                .layer("wire").definedBy("dev.selvedge.server.fake.wire")
                .layer("face").definedBy("dev.selvedge.server")
                .layer("engine").definedBy("dev.selvedge.server.engine")
                .layer("http1").definedBy("dev.selvedge.server.http1")
                .layer("transport").definedBy("dev.selvedge.server.transport..")
                .whereLayer("files").mayNotBeAccessedByAnyLayer()
                .whereLayer("fake").mayNotBeAccessedByAnyLayer()
                .whereLayer("wire").mayOnlyBeAccessedByLayers("fake")
                .whereLayer("face").mayOnlyBeAccessedByLayers("files", "fake")
                .whereLayer("engine").mayOnlyBeAccessedByLayers("face")
                .whereLayer("http1").mayOnlyBeAccessedByLayers("face", "engine")
                .whereLayer("transport").mayOnlyBeAccessedByLayers("face", "engine", "fake", "wire")
                .check(CORE);
    }

    @Test
    void packagesHaveNoCycles() {
        slices().matching("dev.selvedge.(**)").should().beFreeOfCycles().check(CORE);
    }

    @Test
    void theProtocolIsAValue() {
        noClasses().that().resideInAPackage("dev.selvedge.server.http1")
                .should().dependOnClassesThat().resideInAnyPackage("java.nio.channels..", "java.net..",
                        "java.util.concurrent..", "dev.selvedge.server.transport..")
                .because("http1 knows no socket and no thread")
                .check(CORE);
        noClasses().that().resideInAPackage("dev.selvedge.server.http1")
                .should().callMethod(System.class, "nanoTime")
                .orShould().callMethod(System.class, "currentTimeMillis")
                .because("time is an argument")
                .check(CORE);
    }

    @Test
    void nativeMemoryIsTheKernelPackagesBusiness() {
        noClasses().should().dependOnClassesThat().resideInAPackage("java.lang.foreign..").check(CORE);
    }

    @Test
    void everyClassIsFinalSealedOrAnInterface() {
        classes().that(resideInAPackage("dev.selvedge.server..")).should(notBeOpenForInheritance()).check(CORE);
    }

    @Test
    void noStateIsStaticAndMutable() {
        fields().that().areStatic().should().beFinal().check(CORE);
    }

    @Test
    void namesSayWhatAThingIs() {
        noClasses().should().haveSimpleNameEndingWith("Utils")
                .orShould().haveSimpleNameEndingWith("Util")
                .orShould().haveSimpleNameEndingWith("Helper")
                .orShould().haveSimpleNameEndingWith("Manager")
                .orShould().haveSimpleNameEndingWith("Impl")
                .check(CORE);
    }

    private static ArchCondition<JavaClass> notBeOpenForInheritance() {
        return new ArchCondition<>("be final, sealed, an interface or never extended by others") {
            @Override
            public void check(JavaClass type, ConditionEvents events) {
                boolean closed = type.isInterface() || type.isEnum() || type.getModifiers().contains(JavaModifier.FINAL)
                        || type.reflect().isSealed() || type.isAnonymousClass();
                if (!closed) {
                    events.add(SimpleConditionEvent.violated(type, type.getName() + " is open for inheritance"));
                }
            }
        };
    }
}
