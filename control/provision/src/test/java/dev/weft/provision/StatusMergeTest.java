package dev.weft.provision;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.time.Instant;
import org.junit.jupiter.api.Test;

class StatusMergeTest {
  private static final Instant NOW = Instant.parse("2026-01-01T00:00:00.5Z");

  private static ObjectNode json(String text) throws JsonProcessingException {
    return (ObjectNode) new JsonMapper().readTree(text.replace('\'', '"'));
  }

  @Test
  void conditions_of_others_stay_and_a_new_one_holds_since_now() throws Exception {
    ObjectNode there =
        json("{'status':{'x':1,'conditions':[{'type':'Reconciled','status':'True'}]}}");
    ObjectNode status =
        json("{'Status':'Pending','conditions':[{'type':'Ready','status':'False'}]}");
    assertThat(StatusMerge.into(there, status, NOW))
        .isEqualTo(
            json(
                "{'status':{'x':1,'conditions':[{'type':'Reconciled','status':'True'},"
                    + "{'type':'Ready','status':'False','lastTransitionTime':'2026-01-01T00:00:00Z'}],"
                    + "'Status':'Pending'}}"));
  }

  @Test
  void what_is_said_already_changes_nothing() throws Exception {
    ObjectNode there =
        json(
            "{'status':{'conditions':[{'type':'Ready','status':'True','message':'m',"
                + "'lastTransitionTime':'2020-01-01T00:00:00Z'}],'Status':'Running'}}");
    ObjectNode status =
        json("{'Status':'Running','conditions':[{'type':'Ready','status':'True','message':'m'}]}");
    assertThat(StatusMerge.into(there, status, NOW)).isEqualTo(there);
  }
}
