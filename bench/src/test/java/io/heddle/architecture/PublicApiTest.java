package io.heddle.architecture;

import static org.assertj.core.api.Assertions.assertThat;

import com.sun.source.tree.ClassTree;
import com.sun.source.tree.CompilationUnitTree;
import com.sun.source.tree.MethodTree;
import com.sun.source.tree.ModifiersTree;
import com.sun.source.tree.Tree;
import com.sun.source.tree.Tree.Kind;
import com.sun.source.tree.VariableTree;
import com.sun.source.util.DocTrees;
import com.sun.source.util.JavacTask;
import com.sun.source.util.TreePath;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.stream.Stream;
import javax.lang.model.element.Modifier;
import javax.tools.JavaCompiler;
import javax.tools.StandardJavaFileManager;
import javax.tools.ToolProvider;
import org.junit.jupiter.api.Test;

/** The compiler checks how Javadoc is written; this checks that it is there. */
class PublicApiTest {
    private static final Set<String> APPLICATIONS = Set.of("cli", "bench");

    @Test
    void everythingPublic_isDocumented() throws IOException {
        assertThat(undocumented(sources())).as("public types and members of the libraries without Javadoc").isEmpty();
    }

    private static List<String> undocumented(List<Path> sources) throws IOException {
        JavaCompiler compiler = ToolProvider.getSystemJavaCompiler();
        List<String> lacking = new ArrayList<>();
        try (StandardJavaFileManager files = compiler.getStandardFileManager(null, null, null)) {
            JavacTask task = (JavacTask) compiler.getTask(null, files, null, List.of("-proc:none"), null, files.getJavaFileObjectsFromPaths(sources));
            DocTrees docs = DocTrees.instance(task);
            for (CompilationUnitTree unit : task.parse()) {
                TreePath path = new TreePath(unit);
                unit.getTypeDecls().forEach(type -> visit(docs, new TreePath(path, type), false, lacking));
            }
        }
        return lacking;
    }

    private static void visit(DocTrees docs, TreePath path, boolean inInterface, List<String> lacking) {
        Tree declaration = path.getLeaf();
        if (!isPublic(declaration, inInterface)) {
            return;
        }
        if (docs.getDocCommentTree(path) == null && !isSelfEvident(declaration)) {
            CompilationUnitTree unit = path.getCompilationUnit();
            long line = unit.getLineMap().getLineNumber(docs.getSourcePositions().getStartPosition(unit, declaration));
            lacking.add(Path.of(unit.getSourceFile().getName()).getFileName() + ":" + line);
        }
        if (declaration instanceof ClassTree type) {
            boolean membersPublic = type.getKind() == Kind.INTERFACE;
            type.getMembers().forEach(member -> visit(docs, new TreePath(path, member), membersPublic, lacking));
        }
    }

    private static boolean isPublic(Tree declaration, boolean inInterface) {
        ModifiersTree modifiers = modifiers(declaration);
        Set<Modifier> flags = modifiers == null ? Set.of() : modifiers.getFlags();
        return flags.contains(Modifier.PUBLIC) || flags.contains(Modifier.PROTECTED)
                || inInterface && modifiers != null && !flags.contains(Modifier.PRIVATE);
    }

    /** Overriding methods say what the overridden ones say, and a constant of an enum is often its own description. */
    private static boolean isSelfEvident(Tree declaration) {
        boolean overrides = declaration instanceof MethodTree method
                && method.getModifiers().getAnnotations().stream()
                        .anyMatch(annotation -> annotation.getAnnotationType().toString().equals("Override"));
        return overrides || declaration instanceof VariableTree field && field.toString().contains("/*public static final*/");
    }

    private static ModifiersTree modifiers(Tree declaration) {
        return switch (declaration) {
            case ClassTree type -> type.getModifiers();
            case MethodTree method -> method.getModifiers();
            case VariableTree field -> field.getModifiers();
            default -> null;
        };
    }

    private static List<Path> sources() throws IOException {
        Path root = Path.of("").toAbsolutePath();
        while (!Files.isRegularFile(root.resolve("heddle"))) {
            root = root.getParent();
        }
        List<Path> sources = new ArrayList<>();
        try (Stream<Path> modules = Files.list(root)) {
            for (Path module : modules.filter(m -> !APPLICATIONS.contains(m.getFileName().toString())).toList()) {
                Path main = module.resolve("src/main/java");
                if (Files.isDirectory(main)) {
                    try (Stream<Path> files = Files.walk(main)) {
                        files.filter(file -> file.toString().endsWith(".java") && !file.endsWith("package-info.java")).forEach(sources::add);
                    }
                }
            }
        }
        return sources;
    }
}
