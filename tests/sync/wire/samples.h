#pragma once

#include <vector>

#include "platform/secret_bytes.h"
#include "sync/wire/heads.h"
#include "sync/wire/wire.pb.h"

/// One message of each kind with every field set, the same in every run.
namespace wayside::support {

SecretBytes sample_seed();  ///< of the office that signs the heads
wire::Heads sample_heads();
wire::pb::PushRequest sample_push_request();
wire::pb::PushRequest sample_carry_list();   ///< which cases are not carried, and nothing else
wire::pb::PushAnswer sample_push_answer();
wire::pb::PullRequest sample_pull_request();
wire::pb::PullAnswer sample_pull_answer();
wire::pb::AppendRequest sample_append_request();
wire::pb::AppendAnswer sample_append_answer();
wire::pb::Refusal sample_refusal();
wire::pb::AskPartsRequest sample_ask_parts_request();
wire::pb::AskPartsAnswer sample_ask_parts_answer();
wire::pb::PutPartsRequest sample_put_parts_request();
wire::pb::PutPartsAnswer sample_put_parts_answer();
wire::pb::GetPartsRequest sample_get_parts_request();
wire::pb::GetPartsAnswer sample_get_parts_answer();
wire::pb::FindSnapshotsAnswer sample_find_snapshots_answer();

}  // namespace wayside::support
