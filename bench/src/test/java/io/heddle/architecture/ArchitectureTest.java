package io.heddle.architecture;

import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.classes;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static com.tngtech.archunit.library.GeneralCodingRules.ACCESS_STANDARD_STREAMS;
import static com.tngtech.archunit.library.dependencies.SlicesRuleDefinition.slices;
import static org.assertj.core.api.Assertions.assertThat;

import com.tngtech.archunit.base.DescribedPredicate;
import com.tngtech.archunit.core.domain.Dependency;
import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption;
import com.tngtech.archunit.lang.ArchCondition;
import com.tngtech.archunit.lang.ConditionEvents;
import com.tngtech.archunit.lang.SimpleConditionEvent;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.NullMarked;
import org.junit.jupiter.api.Test;

/** Who may see whom, and what things are called. */
class ArchitectureTest {
    private static final JavaClasses CLASSES = new ClassFileImporter().withImportOption(new ImportOption.DoNotIncludeTests())
            .withImportOption(location -> !location.contains("/jmh_generated/") && !location.contains("-tests.jar"))
            .importPackages("io.heddle");

    /** The modules that each module may use; nobody uses {@code kernels} or {@code bench}. */
    private static final Map<String, Set<String>> ALLOWED = Map.of(
            "tensor", Set.of(),
            "kernels", Set.of("tensor"),
            "clip", Set.of("tensor"),
            "unet", Set.of("tensor"),
            "schedulers", Set.of("tensor"),
            "editing", Set.of("tensor", "clip", "unet", "schedulers"),
            "toyworld", Set.of("tensor", "clip", "unet", "schedulers", "editing"),
            "cli", Set.of("tensor", "clip", "unet", "schedulers", "editing", "toyworld"),
            "bench", Set.of("tensor", "clip", "unet", "schedulers", "editing", "toyworld", "cli"));

    private static final Set<String> APPLICATIONS = Set.of("cli", "bench");
    private static final Pattern MODULE = Pattern.compile("/(\\w+)/target/");

    @Test
    void modules_useOnlyThoseBelowThem() {
        classes().should(new ArchCondition<JavaClass>("use only the modules below theirs") {
            @Override
            public void check(JavaClass user, ConditionEvents events) {
                for (Dependency dependency : user.getDirectDependenciesFromSelf()) {
                    JavaClass used = dependency.getTargetClass().getBaseComponentType();
                    if (used.getPackageName().startsWith("io.heddle")) {
                        String from = module(user);
                        String to = module(used);
                        events.add(new SimpleConditionEvent(user, from.equals(to) || ALLOWED.get(from).contains(to), dependency.getDescription()));
                    }
                }
            }
        }).check(CLASSES);
    }

    @Test
    void packages_haveNoCycles() {
        slices().matching("io.heddle.(*)..").should().beFreeOfCycles().check(CLASSES);
    }

    @Test
    void everyPackage_belongsToOneModule() {
        Map<String, Set<String>> modules = new TreeMap<>();
        CLASSES.forEach(c -> modules.computeIfAbsent(c.getPackageName(), _ -> new TreeSet<>()).add(module(c)));
        assertThat(modules.values()).allSatisfy(owners -> assertThat(owners).hasSize(1));
    }

    @Test
    void everyPackage_isNullMarked() {
        Set<String> unmarked = new HashSet<>();
        CLASSES.stream()
                .map(JavaClass::getPackage)
                .filter(p -> !p.isAnnotatedWith(NullMarked.class))
                .forEach(p -> unmarked.add(p.getName()));
        assertThat(unmarked).as("packages whose package-info lacks @NullMarked").isEmpty();
    }

    @Test
    void names_sayWhatThingsAre() {
        for (String apology : List.of("Impl", "Util", "Utils", "Manager", "Helper", "Helpers")) {
            noClasses().should().haveSimpleNameEndingWith(apology).check(CLASSES);
        }
    }

    @Test
    void cuda_isSeenOnlyByTheKernels() {
        noClasses().that().resideOutsideOfPackage("io.heddle.kernels..").should().dependOnClassesThat().resideInAPackage("jcuda..").check(CLASSES);
    }

    @Test
    void cpuBackend_isSeenOnlyByItsModuleAndTheBenches() {
        DescribedPredicate<JavaClass> others = DescribedPredicate.describe("outside tensor and bench",
                c -> !module(c).equals("tensor") && !module(c).equals("bench"));
        noClasses().that(others).should().dependOnClassesThat().resideInAPackage("io.heddle.cpu..").check(CLASSES);
    }

    @Test
    void standardStreams_belongToTheApplications() {
        noClasses().that(DescribedPredicate.describe("in libraries", ArchitectureTest::inLibrary)).should(ACCESS_STANDARD_STREAMS).check(CLASSES);
    }

    @Test
    void libraries_needLittle() {
        classes().that(DescribedPredicate.describe("in libraries", ArchitectureTest::inLibrary))
                .should()
                .onlyDependOnClassesThat()
                .resideInAnyPackage(
                        "io.heddle..", "java..", "javax.imageio..", "jdk.incubator.vector..", "org.slf4j..", "org.jspecify..", "com.google.gson..",
                        "jcuda..")
                .check(CLASSES);
    }

    private static boolean inLibrary(JavaClass c) {
        return !APPLICATIONS.contains(module(c));
    }

    /** The folder of the module that a class was compiled in. */
    private static String module(JavaClass c) {
        Matcher matcher = MODULE
                .matcher(c.getSource().orElseThrow(() -> new IllegalStateException(c.getName() + " was not imported")).getUri().toString());
        if (!matcher.find()) {
            throw new IllegalStateException(c + " does not come from a module of this project");
        }
        return matcher.group(1);
    }
}
