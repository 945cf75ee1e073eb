package io.heddle.schedulers;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.heddle.schedulers.DpmSolverConfig.Ending;
import io.heddle.weights.ConfigReader;
import io.heddle.weights.WeightException;
import java.nio.charset.StandardCharsets;
import java.util.List;
import org.junit.jupiter.api.Test;

class SchedulerConfigTest {
    private static final ConfigReader EMPTY = config("{}");
    private static final ConfigReader STABLE_DIFFUSION_1 = config("""
            {"_class_name": "PNDMScheduler", "_diffusers_version": "0.7.0", "beta_end": 0.012, "beta_schedule": "scaled_linear", "beta_start": 0.00085,
             "num_train_timesteps": 1000, "set_alpha_to_one": false, "skip_prk_steps": true, "steps_offset": 1, "trained_betas": null}""");

    @Test
    void keysThatAreAbsent_haveTheDefaultsOfEachSampler() {
        assertThat((DdimConfig) SchedulerKind.DDIM.read(EMPTY)).satisfies(ddim -> {
            assertThat(ddim.noise().beta(0)).isEqualTo(1e-4f);
            assertThat(ddim.noise().beta(999)).isEqualTo(0.02f);
            assertThat(ddim.spacing()).isEqualTo(TimestepSpacing.LEADING);
            assertThat(ddim.endsAtAlphaOne()).isTrue();
            assertThat(ddim.clip()).isEqualTo(1);
            assertThat(ddim.offset()).isZero();
        });
        assertThat((PndmConfig) SchedulerKind.PNDM.read(EMPTY)).satisfies(pndm -> {
            assertThat(pndm.spacing()).isEqualTo(TimestepSpacing.LEADING);
            assertThat(pndm.endsAtAlphaOne()).isFalse();
        });
        assertThat((EulerConfig) SchedulerKind.EULER.read(EMPTY)).satisfies(euler -> {
            assertThat(euler.spacing()).isEqualTo(TimestepSpacing.LINSPACE);
            assertThat(euler.karras()).isFalse();
            assertThat(euler.lastSigma()).isEqualTo(LastSigma.ZERO);
        });
        assertThat((DpmSolverConfig) SchedulerKind.DPM_SOLVER.read(EMPTY)).satisfies(dpm -> {
            assertThat(dpm.spacing()).isEqualTo(TimestepSpacing.LINSPACE);
            assertThat(dpm.ending()).isEqualTo(Ending.FIRST_ORDER_IF_SHORT);
        });
    }

    @Test
    void aFile_isReadAsTheSamplerItNames() {
        assertThat(SchedulerConfig.read(STABLE_DIFFUSION_1)).isInstanceOf(PndmConfig.class);
        assertThat(SchedulerConfig.read(config("{\"_class_name\": \"FlaxDDIMScheduler\"}"))).isInstanceOf(DdimConfig.class);
    }

    @Test
    void aFileOfDpmSolver_isReadAsTheReferenceLibraryWritesIt() {
        DpmSolverConfig dpm = (DpmSolverConfig) SchedulerConfig.read(config("""
                {
                  "_class_name": "DPMSolverMultistepScheduler", "_diffusers_version": "0.36.0", "algorithm_type": "dpmsolver++", "beta_end": 0.012,
                  "beta_schedule": "scaled_linear", "beta_start": 0.00085, "dynamic_thresholding_ratio": 0.995, "euler_at_final": false,
                  "final_sigmas_type": "zero", "flow_shift": 1.0, "lambda_min_clipped": -Infinity, "lower_order_final": true,
                  "num_train_timesteps": 1000, "prediction_type": "v_prediction", "rescale_betas_zero_snr": false, "sample_max_value": 1.0,
                  "solver_order": 2, "solver_type": "midpoint", "steps_offset": 1, "thresholding": false, "timestep_spacing": "leading",
                  "trained_betas": null, "use_beta_sigmas": false, "use_exponential_sigmas": false, "use_flow_sigmas": false,
                  "use_karras_sigmas": true, "use_lu_lambdas": false, "variance_type": null
                }
                """));

        assertThat(dpm.prediction()).isEqualTo(Prediction.VELOCITY);
        assertThat(dpm.karras()).isTrue();
        assertRefused(SchedulerKind.DPM_SOLVER, "{\"lambda_min_clipped\": -5.1}", "lambda_min_clipped is -5.1, and only -Infinity");
    }

    @Test
    void aFileOfAnotherSampler_keepsItsKeysAndTakesTheTargetsDefaults() {
        DdimConfig ddim = (DdimConfig) SchedulerKind.DDIM.read(STABLE_DIFFUSION_1);

        assertThat(ddim.endsAtAlphaOne()).isFalse();
        assertThat(ddim.offset()).isEqualTo(1);
        assertThat(ddim.clip()).isEqualTo(1);
        assertThat(ddim.forStableDiffusion().clip()).isNull();
        assertThat(((EulerConfig) SchedulerKind.EULER.read(STABLE_DIFFUSION_1)).spacing()).isEqualTo(TimestepSpacing.LINSPACE);
    }

    @Test
    void dpmSolver_isMadeOfFilesOfItsRelatives() {
        String deis = "{\"_class_name\": \"DEISMultistepScheduler\", \"algorithm_type\": \"deis\", \"solver_type\": \"logrho\", \"solver_order\": 2}";
        String unipc = "{\"_class_name\": \"UniPCMultistepScheduler\", \"predict_x0\": true, \"solver_type\": \"%s\", \"solver_order\": 2}";
        for (String file : List.of(deis, unipc.formatted("bh1"), unipc.formatted("bh2"))) {
            assertThat(SchedulerKind.DPM_SOLVER.read(config(file))).usingRecursiveComparison().isEqualTo(SchedulerKind.DPM_SOLVER.read(EMPTY));
        }
        assertRefused(SchedulerKind.DPM_SOLVER, "{\"solver_type\": \"heun\"}", "solver_type");
    }

    @Test
    void stableDiffusion_insistsOnAnOffsetOfOne() {
        for (SchedulerKind kind : SchedulerKind.values()) {
            ConfigReader leading = config("{\"timestep_spacing\": \"leading\"}");
            assertThat(kind.read(leading).steps(10).timestep(9)).as("%s", kind).isLessThan(1 + kind.read(leading).steps(10).timestep(8));
            assertThat(kind.read(leading).forStableDiffusion().steps(10).timestep(0)).as("%s", kind).isEqualTo(901);
        }
    }

    @Test
    void anUnknownSampler_isRefusedWithTheKnownOnes() {
        assertThatThrownBy(() -> SchedulerConfig.read(config("{\"_class_name\": \"LMSDiscreteScheduler\"}")))
                .isInstanceOf(WeightException.class)
                .hasMessageContaining("DDIMScheduler, PNDMScheduler, EulerDiscreteScheduler, DPMSolverMultistepScheduler");
    }

    @Test
    void whatASamplerDoesNotDo_isRefusedByKey() {
        assertRefused(SchedulerKind.DDIM, "{\"thresholding\": true}", "thresholding");
        assertRefused(SchedulerKind.DDIM, "{\"trained_betas\": [0.1]}", "trained_betas");
        assertRefused(SchedulerKind.PNDM, "{\"skip_prk_steps\": false}", "skip_prk_steps");
        assertRefused(SchedulerKind.PNDM, "{\"prediction_type\": \"sample\"}", "prediction_type");
        assertRefused(SchedulerKind.EULER, "{\"use_exponential_sigmas\": true}", "use_exponential_sigmas");
        assertRefused(SchedulerKind.DPM_SOLVER, "{\"algorithm_type\": \"sde-dpmsolver++\"}", "algorithm_type");
        assertRefused(SchedulerKind.DPM_SOLVER, "{\"solver_order\": 3}", "solver_order");
        assertRefused(SchedulerKind.DDIM, "{\"beta_start\": 1.5}", "beta_start");
        assertRefused(SchedulerKind.DDIM, "{\"num_train_timesteps\": 1}", "num_train_timesteps");
    }

    private static void assertRefused(SchedulerKind kind, String json, String key) {
        assertThatThrownBy(() -> kind.read(config(json))).isInstanceOf(WeightException.class).hasMessageContaining(key);
    }

    private static ConfigReader config(String json) {
        return ConfigReader.parse("scheduler_config.json", json.getBytes(StandardCharsets.UTF_8));
    }
}
