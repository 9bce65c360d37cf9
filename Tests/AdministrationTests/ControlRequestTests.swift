import Administration
import Installation
import Support
import Testing

@Suite("A line of the control protocol")
struct ControlRequestTests {
  @Test(
    "is refused when it is no request",
    arguments: [
      "", "status", "{}", "[]", "null", "7", #"["status"]"#, #"{"command":""}"#,
      #"{"command":"Status"}"#, #"{"command":7}"#, #"{"command":null}"#, #"{"command":["status"]}"#,
      #"{"command":"status""#, #"{"command":"status"}}"#, #"{"command":"status"} {}"#,
      #"{"commands":"status"}"#, #"{"command":"status","protocol":2}"#,
      #"{"command":"status","protocol":"1"}"#, #"{"command":"dance"}"#, "\u{0}",
      #"{'command':'status'}"#,
    ])
  func noRequest(line: String) throws {
    let code = try Office().answer(line).code
    #expect(code == "malformed" || code == "unknown_command")
  }

  @Test(
    "is taken with blanks, and with the protocol's version",
    arguments: [
      #"{"command":"status"}"#, " { \"command\" : \"status\" }\r",
      #"{"protocol":1,"command":"status"}"#,
    ])
  func taken(line: String) throws {
    #expect(try Office().answer(line).result != nil)
  }

  @Test("is refused with a member that its command does not know", arguments: ControlRequest.names)
  func unknownMember(command: String) throws {
    let answer = try Office().ask(command, ["colour": "red"])
    #expect(answer.code == "malformed")
  }

  @Test(
    "is refused when an argument is missing or of another kind",
    arguments: [
      #""cards.ship","first":1,"last":2"#, #""cards.ship","first":2,"last":1,"site":1234567893"#,
      #""cards.ship","first":1,"last":2,"site":1234567890"#,
      #""cards.ship","first":"1","last":2,"site":1234567893"#,
      #""cards.ship","first":1,"last":10000000000000,"site":1234567893"#,
      #""cards.ship","first":-1,"last":2,"site":1234567893"#,
      #""cards.ship","first":1.5,"last":2,"site":1234567893"#,
      #""cards.ship-blank","count":0,"site":1234567893"#, #""cards.import""#,
      #""cards.import","ranges":[]"#, #""cards.import","ranges":[[1]]"#,
      #""cards.import","ranges":[[2,1]]"#, #""cards.import","ranges":[[1,2,0]]"#,
      #""cards.import","ranges":[1,2]"#, #""cards.import","ranges":{"first":1}"#,
      #""card.lost""#, #""card.lost","card":"10000000000017""#, #""card.lost","card":12"#,
      #""card.replace","card":"10000000000016""#,
      #""hearing.record","card":"10000000000016","outcome":"maybe","decided":"2026-01-01","first_day":"2026-01-01""#,
      #""hearing.record","card":"10000000000016","outcome":"eligible","decided":"2026-02-30","first_day":"2026-01-01""#,
      #""outage.declare","from":"2026-01-02","through":"2026-01-01""#,
      #""outage.declare","from":"2026-01-01","through":"2026-01-02","enter_by":"2026-01-01""#,
      #""outage.declare","from":"2026-10-01","through":"9999-12-31""#,
      #""outage.declare","from":"2026-11-01","through":"2099-01-01","enter_by":"2099-02-01""#,
      #""outage.declare","from":"2026-10-01","through":"2026-11-01""#,
      #""outage.end","from":"2026-01-02","through":"2026-01-01""#,
      #""operator.add","id":9,"site":1234567893,"last_name":"A","first_name":"B","birth_date":"2026-11-30""#,
      #""terminal.add","id":0,"site":1234567893"#, #""terminal.list","after":-1"#,
      #""operator.add","id":9,"site":1234567893"#,
      #""operator.add","id":9,"site":1234567893,"last_name":"A","first_name":"B""#,
      #""operator.add","id":9,"site":1234567893,"last_name":"","first_name":"B","birth_date":"1990-01-01""#,
      #""operator.suspend""#, #""operator.unlock","id":true"#,
      #""site.add","id":1234567893,"name":"A","first_day":"2020-01-01","role":"boss""#,
      #""provider.add","id":7,"name":"A","first_day":"2020-01-01""#,
    ])
  func badArgument(rest: String) throws {
    let office = try Office()
    let count = office.fixture.records.count
    #expect(try office.answer("{\"command\":\(rest)}").code == "malformed")
    #expect(office.fixture.records.count == count)
  }

  @Test("never tells a card number that it refuses")
  func masked() throws {
    let text = try Office().administrator.answer(
      #"{"command":"card.lost","card":"10000000000017"}"#, from: Office.ownUser)
    #expect(!text.contains("1000000000001"))
  }
}
