"""A recorded request sent again to the simulator, and the two answers compared."""

from tests.contracts.recordings import load
from tests.contracts.scenes import SALES, entity_of
from tests.contracts.shapes import differences, format_differences

RECORDINGS = load()


def play(scene):
    """Seed what the recording needs, then send what was sent."""
    recording = scene.recording
    if recording.statement:
        return play_query(scene)
    if recording.request["method"] == "GET":
        return play_read(scene)
    return play_write(scene)


def play_query(scene):
    """One query; pages of one series share what was seeded for all of them."""
    recording = scene.recording
    series = recording.name.rsplit("__", 1)[0]
    members = [each for name, each in RECORDINGS.items() if name.rsplit("__", 1)[0] == series]
    made = scene.fill([each.body for each in members])
    for identifier, ours in made.items():
        recording.statement = recording.statement.replace(f"'{identifier}'", f"'~{ours}'")
    recording.statement = recording.statement.replace("'~", "'")
    return scene.company.call(recording.request["method"], "query", query=recording.statement)


def play_read(scene):
    recording = scene.recording
    entity = entity_of(recording)
    identifier = recording.request["path"].split("/")[-1]
    if recording.status == 200:
        identifier = scene.make(entity, recording.body[entity])["Id"]
    return scene.company.call("GET", f"{entity.lower()}/{identifier}")


def play_write(scene):
    recording = scene.recording
    entity = entity_of(recording)
    parameters = {
        key: value
        for key, value in (recording.request.get("query") or {}).items()
        if key != "requestid"
    }
    if "send" in recording.request["path"]:
        made = scene.make(entity, recording.body[entity])
        path = f"{entity.lower()}/{made['Id']}/send"
        return scene.company.call("POST", path)
    body = dict(recording.sent)
    if not body.get("Id"):
        if "6240" in recording.codes:
            scene.company.post(entity, {"DisplayName": body["DisplayName"]})
        return scene.company.call("POST", entity.lower(), scene.mapped(entity, body), **parameters)
    made = before_update(scene, entity, body, parameters)
    body.update(Id=made["Id"], SyncToken=made["SyncToken"])
    body = scene.mapped(entity, {key: value for key, value in body.items() if key != "MetaData"})
    answer = scene.company.call("POST", entity.lower(), body, **parameters)
    if recording.status == 200 and "delete" not in parameters.values():
        moved = int(answer.body[entity]["SyncToken"]) - int(made["SyncToken"])
        recorded = int(recording.body[entity]["SyncToken"]) - int(recording.sent["SyncToken"])
        assert moved == recorded, "SyncToken moved differently"
    return answer


def before_update(scene, entity, body, parameters):
    """The object as it stood before the recorded change."""
    recording = scene.recording
    row = dict(recording.body[entity])
    if parameters.get("operation") in ("void", "delete"):
        row = dict(RECORDINGS[recording.name.replace("__2", "__1")].body[entity])
        return scene.make(entity, row)
    unchanged = row["SyncToken"] == body["SyncToken"]
    if not unchanged:
        for name in ("DisplayName", "PrivateNote"):
            if body.get(name):
                row[name] = "Before the change"
        if entity == "Item":
            row["Description"] = "Before the change"
    if entity in SALES:
        row["Line"] = [line for line in row["Line"] if line["DetailType"] == "SalesItemLineDetail"]
    return scene.make(entity, row)


def compare(recording, answer):
    assert answer.status == recording.status, answer.text
    if recording.codes:
        assert answer.codes == recording.codes
    typed = not recording.is_xml
    recorded, answered = dict(recording.body), dict(answer.body)
    if recording.is_xml:
        recorded.pop("time")
        answered.pop("time", None)
    found = differences(recorded, answered, typed=typed)
    assert [each for each in found if not each.endswith(recording.not_there_yet)] == []
    if recording.response.get("body_text") and recording.status == 200:
        assert format_differences(recording.text, answer.text) == []
    if recording.status == 200 and not recording.is_xml:
        rows = recording.body.get("QueryResponse", {})
        if "startPosition" in rows:
            assert answer.body["QueryResponse"]["startPosition"] == rows["startPosition"]
