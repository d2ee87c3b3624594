select
    characteristic,
    kind,
    matched_known,
    unmatched_known,
    matched_mean,
    unmatched_mean,
    standardised_difference,
    case when is_unbalanced then 'yes' when not is_unbalanced then 'no' end as is_unbalanced
from {{schema}}.match_bias
order by
    coalesce(abs(standardised_difference), 0) desc,
    characteristic,
    kind
