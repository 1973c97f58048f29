package dev.weft.apiserver.patch;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.JsonNode;
import dev.weft.apiserver.ApiException;
import dev.weft.apiserver.Samples;
import dev.weft.apiserver.document.Json;
import io.kubernetes.client.proto.V1;
import io.kubernetes.client.proto.V1Apps;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class PatchTest {
  private static JsonNode json(String text) {
    return Json.read(text.replace('\'', '"').getBytes(StandardCharsets.UTF_8), new ArrayList<>());
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      value = {
        "{'a':1} | [{'op':'add','path':'/b','value':2}] | {'a':1,'b':2}",
        "{'a':[1,2]} | [{'op':'add','path':'/a/-','value':3}] | {'a':[1,2,3]}",
        "{'a':[1,2]} | [{'op':'add','path':'/a/0','value':0}] | {'a':[0,1,2]}",
        "{'a':{'b/c':1}} | [{'op':'replace','path':'/a/b~1c','value':2}] | {'a':{'b/c':2}}",
        "{'a':[1,2]} | [{'op':'remove','path':'/a/0'}] | {'a':[2]}",
        "{'a':1} | [{'op':'move','from':'/a','path':'/b'}] | {'b':1}",
        "{'a':1} | [{'op':'copy','from':'/a','path':'/b'}] | {'a':1,'b':1}",
        "{'a':1} | [{'op':'test','path':'/a','value':1}] | {'a':1}"
      })
  void json_patch_follows_rfc_6902(String document, String patch, String expected) {
    assertThat(JsonPatch.apply(json(document), json(patch))).isEqualTo(json(expected));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "{}",
        "[{'op':'add','path':'b','value':2}]",
        "[{'op':'nope','path':'/b','value':2}]",
        "[{'op':'remove','path':'/x'}]",
        "[{'op':'replace','path':'/l/7','value':1}]",
        "[{'op':'add','path':'/l/99999999999999999999','value':1}]",
        "[{'op':'test','path':'/a','value':2}]",
        "[{'op':'add','path':'/a/b/c','value':2}]",
        "[7]",
        "[{'op':'move','from':'/l','path':'/l/0'}]"
      })
  void a_json_patch_that_does_not_fit_is_refused(String patch) {
    assertThatThrownBy(() -> JsonPatch.apply(json("{'a':1,'l':[1]}"), json(patch)))
        .isInstanceOfSatisfying(ApiException.class, e -> assertThat(e.code()).isIn(400, 422));
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      value = {
        "{'a':1} | {'a':null} | {}",
        "{'a':{'b':1}} | {'a':{'c':2}} | {'a':{'b':1,'c':2}}",
        "{'a':[1,2]} | {'a':[3]} | {'a':[3]}",
        "{'a':'x'} | {'a':{'b':null,'c':1}} | {'a':{'c':1}}"
      })
  void merge_patch_follows_rfc_7386(String document, String patch, String expected) {
    assertThat(MergePatch.apply(json(document), json(patch))).isEqualTo(json(expected));
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      value = {
        // Containers are merged by name, and their environment too.
        "{'containers':[{'name':'a','image':'1','env':[{'name':'X','value':'1'}]},{'name':'b'}]}"
            + " | {'containers':[{'name':'a','env':[{'name':'Y','value':'2'}]}]}"
            + " | {'containers':[{'name':'a','image':'1','env':[{'name':'X','value':'1'},{'name':'Y','value':'2'}]},{'name':'b'}]}",
        "{'containers':[{'name':'a'},{'name':'b'}]}"
            + " | {'containers':[{'name':'a','$patch':'delete'}]}"
            + " | {'containers':[{'name':'b'}]}",
        "{'containers':[{'name':'a'},{'name':'b'}]}"
            + " | {'containers':[{'$patch':'replace'},{'name':'c'}]}"
            + " | {'containers':[{'name':'c'}]}",
        // The order that the client wants is the order it gets.
        "{'containers':[{'name':'a'},{'name':'b'}]}"
            + " | {'$setElementOrder/containers':[{'name':'c'},{'name':'b'},{'name':'a'}],'containers':[{'name':'c'}]}"
            + " | {'containers':[{'name':'c'},{'name':'b'},{'name':'a'}]}",
        // Tolerations have no merge key: the list is replaced.
        "{'tolerations':[{'key':'a'}]} | {'tolerations':[{'key':'b'}]} | {'tolerations':[{'key':'b'}]}",
        "{'nodeSelector':{'a':'1','b':'2'}} | {'nodeSelector':{'a':null}} | {'nodeSelector':{'b':'2'}}",
        // A volume keeps only the keys that the patch names.
        "{'volumes':[{'name':'v','emptyDir':{}}]}"
            + " | {'volumes':[{'name':'v','$retainKeys':['name','configMap'],'configMap':{'name':'c'}}]}"
            + " | {'volumes':[{'name':'v','configMap':{'name':'c'}}]}"
      })
  void strategic_merge_patch_merges_pod_specs(String spec, String patch, String expected) {
    assertThat(
            StrategicMergePatch.apply(
                Samples.json(spec),
                Samples.json(patch),
                V1.getDescriptor().findMessageTypeByName("PodSpec")))
        .isEqualTo(json(expected));
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      value = {
        "{'spec':{'strategy':{'type':'RollingUpdate','rollingUpdate':{'maxSurge':1}}}}"
            + " | {'spec':{'strategy':{'$retainKeys':['type'],'type':'Recreate'}}}"
            + " | {'spec':{'strategy':{'type':'Recreate'}}}",
        "{'metadata':{'finalizers':['a','b']}}"
            + " | {'metadata':{'$deleteFromPrimitiveList/finalizers':['a'],'finalizers':['c']}}"
            + " | {'metadata':{'finalizers':['b','c']}}"
      })
  void strategic_merge_patch_knows_the_directives(String object, String patch, String expected) {
    assertThat(
            StrategicMergePatch.apply(
                Samples.json(object),
                Samples.json(patch),
                V1Apps.getDescriptor().findMessageTypeByName("Deployment")))
        .isEqualTo(json(expected));
  }
}
