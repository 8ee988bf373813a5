-- Which languages there are is said by translations/, as for people in 0024.
alter table ml.insights drop constraint insights_language_check;
