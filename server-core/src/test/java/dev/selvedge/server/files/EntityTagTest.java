package dev.selvedge.server.files;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.time.Instant;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class EntityTagTest {

    private static final Validators CURRENT = new Validators(EntityTag.strong("a,b"), Instant.EPOCH);

    @ParameterizedTest
    @ValueSource(strings = {"\"xyzzy\"", "W/\"xyzzy\"", "\"\"", "W/\"\"", "\"a,b\"", "\"W/\"", "\"a\\b\"", "\"*\"",
        "\"é\"", "\"!#~\""})
    void aTagIsReadAndWrittenAsItIs(String field) {
        EntityTag tag = EntityTag.parse(field);
        assertEquals(field, tag.field());
        assertEquals(field.startsWith("W/"), tag.weak());
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "*", "a", "\"", "\"a", "a\"", "'a'", "w/\"a\"", "W\"a\"", "W/ \"a\"", "W/a", "W/",
        "\"a b\"", "\"a\t\"", "\"a\"\"", "\"a\" ", " \"a\"", "\"a\", \"b\"", "\"a\\\"b\"", "\"a\u0001\"",
        "\"a\u007f\"", "\"a\u0100\""})
    void anythingElseIsNoTag(String field) {
        assertNull(EntityTag.parse(field));
    }

    /** The table of RFC 9110 §8.8.3.2. */
    @ParameterizedTest
    @CsvSource({"W/\"1\", W/\"1\", false, true", "W/\"1\", W/\"2\", false, false", "W/\"1\", \"1\", false, true",
        "\"1\", W/\"1\", false, true", "\"1\", \"1\", true, true", "\"1\", \"2\", false, false"})
    void twoTagsAreComparedInTwoWays(String one, String other, boolean strongly, boolean weakly) {
        EntityTag tag = EntityTag.parse(one);
        assertEquals(strongly, tag.isStronglyEqualTo(EntityTag.parse(other)));
        assertEquals(weakly, tag.isWeaklyEqualTo(EntityTag.parse(other)));
        Validators current = new Validators(tag, null);
        assertEquals(strongly, EntityTagList.names(List.of(other), current, true));
        assertEquals(weakly, EntityTagList.names(List.of(other), current, false));
    }

    @Test
    void aTagThatNoFieldMayHaveIsNotMade() {
        assertThrows(IllegalArgumentException.class, () -> EntityTag.strong("a\"b"));
        var e = assertThrows(IllegalArgumentException.class, () -> EntityTag.strong("a b"));
        assertEquals("the entity tag has U+0020 at index 1, which none may have", e.getMessage());
    }

    @ParameterizedTest
    @ValueSource(strings = {"\"a,b\"", "\"a,b\",\"c\"", "\"c\",\"a,b\"", "\"c\" , \"a,b\"\t,", ",, \"a,b\"",
        ", ,\t\"a,b\",,", "\"\",\"a,b\"", "W/\"a,b\",\"a,b\"", "\"a,b\", \"a,b\""})
    void aListNamesATag(String line) {
        assertTrue(EntityTagList.names(List.of(line), CURRENT, true));
    }

    @ParameterizedTest
    @ValueSource(strings = {"", ",", " ", "\"a\"", "\"b\"", "\"a\",\"b\"", "\"a,b,\"", "\"a,bc\"", "\"\"", "\"A,B\""})
    void aListWithoutTheTagDoesNot(String line) {
        assertEquals(false, EntityTagList.names(List.of(line), CURRENT, false));
    }

    @ParameterizedTest
    @ValueSource(strings = {"\"a,b\" \"c\"", "\"a,b\"\"c\"", "\"a,b\", c", "c, \"a,b\"", "\"a,b\", \"c",
        "\"a,b\", *", "*, \"a,b\"", "\"a,b\";", "w/\"a,b\"", "a,b", "*,", ", *", "**", "\"*\"", "\"a,b\", W/ \"c\"",
        "\"a,b\"W/\"c\""})
    void aMalformedListNamesNothing(String line) {
        assertEquals(false, EntityTagList.names(List.of(line), CURRENT, false));
    }

    @Test
    void severalLinesAreOneList() {
        assertTrue(EntityTagList.names(List.of("\"c\"", "\"a,b\""), CURRENT, true));
        assertTrue(EntityTagList.names(List.of("\"a,b\"", "", "\"c\""), CURRENT, true));
        assertEquals(false, EntityTagList.names(List.of("\"c\"", "\"d\""), CURRENT, true));
        assertEquals(false, EntityTagList.names(List.of("\"a,b\"", "*"), CURRENT, true));
        assertEquals(false, EntityTagList.names(List.of("*", "*"), CURRENT, true));
        assertEquals(false, EntityTagList.names(List.of("\"a", "b\""), CURRENT, true));
        assertEquals(false, EntityTagList.names(List.of("\"a,b\"", "c"), CURRENT, true));
    }

    @Test
    void anAsteriskNamesWhateverThereIs() {
        assertTrue(EntityTagList.names(List.of("*"), CURRENT, true));
        assertTrue(EntityTagList.names(List.of("*"), new Validators(null, null), true));
        assertEquals(false, EntityTagList.names(List.of("*"), null, true));
        assertEquals(false, EntityTagList.names(List.of("\"a,b\""), null, false));
    }
}
