package com.credlink.ledger.api.access;

import static org.assertj.core.api.Assertions.assertThat;

import com.credlink.ledger.event.Decision;
import com.credlink.ledger.event.PolicyReference;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

class PolicyTest {

  private static final String OWN = "tenant-own";
  private static final String OTHER = "tenant-other";

  /**
   * Every cell of the policy, written out and not computed: {@code yes}, or why not ({@code role}
   * lacks the permission, the other {@code shop}'s, or a shop's token used for no shop).
   */
  private static final String TABLE =
      """
      #               |                        | token of a shop, for | token of no shop, for
      # role          | action                 | own  | other | none | shop  | none
      merchant        | signing-request.create | yes  | shop  | shop | shop  | shop
      merchant        | signing-request.read   | yes  | shop  | shop | shop  | shop
      merchant        | signing-request.list   | yes  | shop  | shop | shop  | shop
      merchant        | signing-request.cancel | yes  | shop  | shop | shop  | shop
      merchant        | signing-request.redrive | role | role  | role | role  | role
      merchant        | signing-request.approve | role | role  | role | role  | role
      merchant        | asset.write            | yes  | shop  | shop | shop  | shop
      merchant        | event.list             | yes  | shop  | shop | shop  | shop
      merchant        | event.list-all         | role | role  | role | role  | role
      merchant        | event.read             | yes  | shop  | shop | shop  | shop
      merchant        | decision.append        | role | role  | role | role  | role
      merchant        | shop.install           | role | role  | role | role  | role
      merchant        | token.manage           | role | role  | role | role  | role
      merchant        | key.read               | role | role  | role | role  | role
      merchant        | key.manage             | role | role  | role | role  | role

      operator        | signing-request.create | yes  | shop  | shop | yes   | yes
      operator        | signing-request.read   | yes  | shop  | shop | yes   | yes
      operator        | signing-request.list   | yes  | shop  | shop | yes   | yes
      operator        | signing-request.cancel | yes  | shop  | shop | yes   | yes
      operator        | signing-request.redrive | yes  | shop  | shop | yes   | yes
      operator        | signing-request.approve | yes  | shop  | shop | yes   | yes
      operator        | asset.write            | yes  | shop  | shop | yes   | yes
      operator        | event.list             | yes  | shop  | shop | yes   | yes
      operator        | event.list-all         | yes  | shop  | shop | yes   | yes
      operator        | event.read             | yes  | shop  | shop | yes   | yes
      operator        | decision.append        | role | role  | role | role  | role
      operator        | shop.install           | role | role  | role | role  | role
      operator        | token.manage           | role | role  | role | role  | role
      operator        | key.read               | role | role  | role | role  | role
      operator        | key.manage             | role | role  | role | role  | role

      auditor         | signing-request.create | role | role  | role | role  | role
      auditor         | signing-request.read   | yes  | shop  | shop | yes   | yes
      auditor         | signing-request.list   | yes  | shop  | shop | yes   | yes
      auditor         | signing-request.cancel | role | role  | role | role  | role
      auditor         | signing-request.redrive | role | role  | role | role  | role
      auditor         | signing-request.approve | role | role  | role | role  | role
      auditor         | asset.write            | role | role  | role | role  | role
      auditor         | event.list             | yes  | shop  | shop | yes   | yes
      auditor         | event.list-all         | yes  | shop  | shop | yes   | yes
      auditor         | event.read             | yes  | shop  | shop | yes   | yes
      auditor         | decision.append        | role | role  | role | role  | role
      auditor         | shop.install           | role | role  | role | role  | role
      auditor         | token.manage           | role | role  | role | role  | role
      auditor         | key.read               | yes  | shop  | shop | yes   | yes
      auditor         | key.manage             | role | role  | role | role  | role

      privacy-officer | signing-request.create | role | role  | role | role  | role
      privacy-officer | signing-request.read   | yes  | shop  | shop | yes   | yes
      privacy-officer | signing-request.list   | yes  | shop  | shop | yes   | yes
      privacy-officer | signing-request.cancel | role | role  | role | role  | role
      privacy-officer | signing-request.redrive | role | role  | role | role  | role
      privacy-officer | signing-request.approve | role | role  | role | role  | role
      privacy-officer | asset.write            | role | role  | role | role  | role
      privacy-officer | event.list             | yes  | shop  | shop | yes   | yes
      privacy-officer | event.list-all         | yes  | shop  | shop | yes   | yes
      privacy-officer | event.read             | yes  | shop  | shop | yes   | yes
      privacy-officer | decision.append        | role | role  | role | role  | role
      privacy-officer | shop.install           | role | role  | role | role  | role
      privacy-officer | token.manage           | role | role  | role | role  | role
      privacy-officer | key.read               | role | role  | role | role  | role
      privacy-officer | key.manage             | role | role  | role | role  | role

      admin           | signing-request.create | role | role  | role | role  | role
      admin           | signing-request.read   | yes  | shop  | shop | yes   | yes
      admin           | signing-request.list   | yes  | shop  | shop | yes   | yes
      admin           | signing-request.cancel | role | role  | role | role  | role
      admin           | signing-request.redrive | role | role  | role | role  | role
      admin           | signing-request.approve | role | role  | role | role  | role
      admin           | asset.write            | role | role  | role | role  | role
      admin           | event.list             | yes  | shop  | shop | yes   | yes
      admin           | event.list-all         | yes  | shop  | shop | yes   | yes
      admin           | event.read             | yes  | shop  | shop | yes   | yes
      admin           | decision.append        | role | role  | role | role  | role
      admin           | shop.install           | yes  | shop  | shop | yes   | yes
      admin           | token.manage           | yes  | shop  | shop | yes   | yes
      admin           | key.read               | yes  | shop  | shop | yes   | yes
      admin           | key.manage             | yes  | shop  | shop | yes   | yes

      producer        | signing-request.create | role | role  | role | role  | role
      producer        | signing-request.read   | role | role  | role | role  | role
      producer        | signing-request.list   | role | role  | role | role  | role
      producer        | signing-request.cancel | role | role  | role | role  | role
      producer        | signing-request.redrive | role | role  | role | role  | role
      producer        | signing-request.approve | role | role  | role | role  | role
      producer        | asset.write            | role | role  | role | role  | role
      producer        | event.list             | role | role  | role | role  | role
      producer        | event.list-all         | role | role  | role | role  | role
      producer        | event.read             | role | role  | role | role  | role
      producer        | decision.append        | yes  | shop  | shop | yes   | yes
      producer        | shop.install           | role | role  | role | role  | role
      producer        | token.manage           | role | role  | role | role  | role
      producer        | key.read               | role | role  | role | role  | role
      producer        | key.manage             | role | role  | role | role  | role
      """;

  record Cell(
      Role role, Action action, Optional<String> bound, Optional<String> about, String expected) {}

  static List<Cell> cells() {
    List<Cell> cells = new ArrayList<>();
    TABLE
        .lines()
        .map(String::strip)
        .filter(line -> !line.isEmpty() && !line.startsWith("#"))
        .map(line -> line.split("\\s*\\|\\s*", -1))
        .forEach(
            row -> {
              Role role = Role.of(row[0]).orElseThrow();
              Action action = action(row[1]);
              Optional<String> own = Optional.of(OWN);
              Optional<String> none = Optional.empty();
              cells.add(new Cell(role, action, own, own, row[2]));
              cells.add(new Cell(role, action, own, Optional.of(OTHER), row[3]));
              cells.add(new Cell(role, action, own, none, row[4]));
              cells.add(new Cell(role, action, none, own, row[5]));
              cells.add(new Cell(role, action, none, none, row[6]));
            });
    return cells;
  }

  private static Action action(String label) {
    return Arrays.stream(Action.values())
        .filter(action -> action.label().equals(label))
        .findFirst()
        .orElseThrow(() -> new AssertionError("There is no action " + label));
  }

  @ParameterizedTest
  @MethodSource("cells")
  void shouldDecideAsTheTableSays(Cell cell) {
    Principal who = new Principal("token:1", cell.role(), cell.bound());

    Policy.Verdict verdict = Policy.decide(who, cell.action(), cell.about());

    assertThat(verdict)
        .isEqualTo(
            switch (cell.expected()) {
              case "yes" ->
                  new Policy.Verdict(
                      Decision.ALLOW,
                      "role_has_permission",
                      List.of(new PolicyReference("ledger-api", "1")));
              case "shop" ->
                  new Policy.Verdict(
                      Decision.DENY, "other_shop", List.of(new PolicyReference("ledger-api", "1")));
              case "role" -> new Policy.Verdict(Decision.DENY, "role_lacks_permission", List.of());
              default -> throw new AssertionError("The table has a cell " + cell.expected());
            });
  }

  @Test
  void shouldHaveARowForEachRoleAndAction() {
    Set<String> expected =
        Arrays.stream(Role.values())
            .flatMap(role -> Arrays.stream(Action.values()).map(action -> role + " " + action))
            .collect(Collectors.toSet());

    List<Cell> cells = cells();

    assertThat(cells.stream().map(cell -> cell.role() + " " + cell.action()))
        .hasSize(expected.size() * 5)
        .containsAll(expected);
  }

  @Property(tries = 500)
  void shouldNeverLetATokenOfOneShopSeeAnother(
      @ForAll Role role, @ForAll Action action, @ForAll String bound, @ForAll String about) {
    Principal who = new Principal("token:1", role, Optional.of(bound));

    Decision decision = Policy.decide(who, action, Optional.of(about)).decision();

    assertThat(decision == Decision.ALLOW && !bound.equals(about)).isFalse();
  }

  @Test
  void shouldLetNobodyDoWhatOneRoleAloneMay() {
    assertThat(allowed(Action.DECISION_APPEND)).containsExactly(Role.PRODUCER);
    assertThat(allowed(Action.SHOP_INSTALL)).containsExactly(Role.ADMIN);
    assertThat(allowed(Action.TOKEN_MANAGE)).containsExactly(Role.ADMIN);
    assertThat(allowed(Action.KEY_MANAGE)).containsExactly(Role.ADMIN);
  }

  private static Stream<Role> allowed(Action action) {
    return Arrays.stream(Role.values())
        .filter(
            role ->
                Policy.decide(
                            new Principal("token:1", role, Optional.of(OWN)),
                            action,
                            Optional.of(OWN))
                        .decision()
                    == Decision.ALLOW);
  }

  @Test
  void shouldKnowRolesByTheirNamesAlone() {
    assertThat(Arrays.stream(Role.values()).map(Role::label))
        .containsExactly("merchant", "operator", "auditor", "privacy-officer", "admin", "producer");
    assertThat(Role.of("admin")).contains(Role.ADMIN);
    assertThat(Role.of("ADMIN")).isEmpty();
    assertThat(Role.of("admin ")).isEmpty();
    assertThat(Role.of("root")).isEmpty();
    assertThat(Role.of("")).isEmpty();
  }
}
